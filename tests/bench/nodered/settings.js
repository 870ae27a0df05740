// Node-RED without its editor; bodies are handed on as they came, for the flow to prove.
module.exports = {
    disableEditor: true,
    httpAdminRoot: false,
    logging: {console: {level: 'error', metrics: false, audit: false}},
    functionGlobalContext: {crypto: require('crypto')},
    httpNodeMiddleware: (request, _response, next) => {
        const pieces = [];
        request.on('data', (piece) => pieces.push(piece));
        request.on('end', () => {
            request.body = Buffer.concat(pieces);
            request._body = true; // so that nobody reads it again
            next();
        });
    },
};
