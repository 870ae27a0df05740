// Tokens by the library jose. Standard input: {"make": ["kid", ...]} gives private keys as JWK; {"sign": [{key, header, claims}, ...]}
// gives tokens: `key` a JWK, {"text": "..."} for a shared secret, or null for a token without a signature.
import {readFileSync} from 'node:fs';
import {SignJWT, UnsecuredJWT, exportJWK, exportSPKI, generateKeyPair, importJWK} from 'jose';

async function make(kid) {
    const {publicKey, privateKey} = await generateKeyPair('RS256', {extractable: true, modulusLength: 2048});
    const common = {kid, use: 'sig', alg: 'RS256'};
    return {
        private: {...await exportJWK(privateKey), ...common}, public: {...await exportJWK(publicKey), ...common},
        pem: await exportSPKI(publicKey),
    };
}

async function sign({key, header, claims}) {
    if (key === null)
        return new UnsecuredJWT(claims).encode();
    const material = key.text === undefined ? await importJWK(key, header.alg) : new TextEncoder().encode(key.text);
    return new SignJWT(claims).setProtectedHeader(header).sign(material);
}

const asked = JSON.parse(readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(await Promise.all(asked.make ? asked.make.map(make) : asked.sign.map(sign))));
