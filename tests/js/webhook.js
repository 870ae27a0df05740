// Signs bodies as the library of Standard Webhooks does: {secret, id, at, body} of standard input to its header fields.
import {readFileSync} from 'node:fs';
import {Webhook} from 'standardwebhooks';

const {secret, id, at, body} = JSON.parse(readFileSync(0, 'utf8'));
const signature = new Webhook(secret).sign(id, new Date(at * 1000), body);
process.stdout.write(JSON.stringify({
    'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': signature,
}));
