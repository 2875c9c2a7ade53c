// An adviser's client, written from docs/negotiation-protocol.md alone: nothing but Node and no code of ours.
// Reads {url, token, private_key_pkcs8_base64, monthly_minor_units} from standard input, writes what was agreed.
import { createHash, createPrivateKey, createPublicKey, randomUUID, sign, verify } from "node:crypto";

const PROTOCOL = "concord-negotiation/1";
const read = async () => {
  const parts = [];
  for await (const part of process.stdin) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString("utf8"));
};
const canonical = (value) => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
  }
  return JSON.stringify(value);
};
const signedBytes = (message) => Buffer.from(`${PROTOCOL}\n${canonical(message)}`, "utf8");
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest("hex");

const order = await read();
const key = createPrivateKey({ key: Buffer.from(order.private_key_pkcs8_base64, "base64"), format: "der", type: "pkcs8" });
const rawKey = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32);
const keyId = sha256(rawKey).slice(0, 16);
const headers = { authorization: `Bearer ${order.token}`, "content-type": "application/json" };
const call = async (path, body) => {
  const init = body === undefined ? { headers } : { method: "POST", headers, body };
  const response = await fetch(order.url + path, init);
  const answer = await response.json();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
};

const { keys } = await call("/v1/negotiation/keys");
const agencyKey = createPublicKey({
  key: { kty: "OKP", crv: "Ed25519", x: keys[0].public_key },
  format: "jwk",
});
let head = (await call("/v1/negotiation")).head;
const caseId = (await call("/v1/negotiation")).case_id;

const take = ({ message, signature, hash }) => {
  const expected = sha256(head, canonical({ message, signature }));
  if (expected !== hash) throw new Error("the chain does not follow");
  head = hash;
};
const say = async (content) => {
  const message = {
    protocol: PROTOCOL, message_id: randomUUID(), case_id: caseId, after: head, sent_at: new Date().toISOString(), ...content,
  };
  const signature = { key_id: keyId, value: sign(null, signedBytes(message), key).toString("base64url") };
  const document = canonical({ message, signature });
  const { messages } = await call("/v1/negotiation/messages", document);
  head = sha256(head, document);
  for (const answer of messages) {
    const value = Buffer.from(answer.signature.value, "base64url");
    if (!verify(null, signedBytes(answer.message), agencyKey, value)) throw new Error("not signed by the agency");
    if (!answer.message.reasons.length) throw new Error("an answer without a reason");
    take(answer);
  }
  return messages.at(-1).message;
};

let answer = await say({ kind: "propose", wish: { kind: "instalments", monthly_minor_units: order.monthly_minor_units } });
const rounds = [answer.kind];
while (answer.kind === "answer" && answer.offer) {
  answer = await say({ kind: "accept", offer_id: answer.offer.offer_id, terms_hash: answer.offer.terms_hash });
  rounds.push(answer.kind);
}
process.stdout.write(JSON.stringify({ rounds, plan_id: answer.plan_id, terms_hash: answer.terms_hash, head }));
