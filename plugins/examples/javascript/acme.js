// A payment provider in JavaScript. Acme Pay is made up: its API is that of plugins/simulator, so this runs against
// `portico demo`; its signed webhooks are its own. What the functions mean stands in plugins/wit/v1/provider.wit.
//
// An `option` that is none is `undefined`, 64-bit numbers are BigInts, a variant is `{ tag, val }`.

import { send } from "portico:payment/http@1.0.0";
import { hmacSha256Verify } from "portico:payment/signing@1.0.0";

/** Seconds by which a webhook may be late, or early. */
const TOLERANCE = 300n;

/** Declines as the contract knows them; any other may pass later. */
const DECLINES = ["hard", "authentication-required", "expired-method", "insufficient-funds", "fraud", "limit"];

/** The error of a function: thrown, the component's caller gets `payload`. */
class Failed extends Error {
  constructor(payload) {
    super(JSON.stringify(payload));
    this.payload = payload;
  }
}

const unknown = (words) => new Failed({ tag: "unknown", val: words });
const unsupported = () => {
  throw new Failed({ tag: "unsupported" });
};

/** Sends a request. A secret is a handle here, `{{secret:secret_key}}`: the host puts the value in its place. */
function request(account, method, path, body) {
  const settings = Object.fromEntries(account.settings);
  try {
    return send({
      method,
      url: settings.base_url.replace(/\/$/, "") + path,
      headers: [
        { name: "authorization", value: `Bearer ${settings.secret_key}` },
        { name: "content-type", value: "application/json" },
      ],
      body: new TextEncoder().encode(body === undefined ? "" : JSON.stringify(body)),
      step: undefined,
    });
  } catch (error) {
    // What may have left may have taken effect.
    const { sent, message } = error.payload;
    throw new Failed({ tag: sent ? "unknown" : "not-executed", val: message });
  }
}

/** The object in a body. What cannot be read says nothing about what happened. */
function read(body) {
  try {
    const object = JSON.parse(new TextDecoder().decode(body));
    if (typeof object === "object" && object !== null) return object;
  } catch {
    // Said below.
  }
  throw unknown("unreadable answer");
}

const isSuccess = ({ status }) => status >= 200 && status < 300;

/** The object in a successful answer. */
function answered(answer) {
  if (isSuccess(answer)) return read(answer.body);
  throw refused(answer);
}

/** Only what Acme Pay answers before it acts proves that nothing happened. */
function refused({ status, headers, body }) {
  if (status === 401 || status === 403) return new Failed({ tag: "misconfigured", val: `${status}` });
  if (status === 400 || status === 404 || status === 422) return new Failed({ tag: "not-executed", val: `${status}` });
  if (status === 409 && read(body).error?.code === "idempotency_mismatch") {
    return new Failed({ tag: "idempotency-conflict", val: `${status}` });
  }
  if (status === 429) {
    const seconds = Number.parseInt(headers.find(({ name }) => name === "retry-after")?.value, 10);
    return new Failed({ tag: "rate-limited", val: Number.isNaN(seconds) ? undefined : seconds });
  }
  return unknown(`${status}`);
}

/** JSON has no BigInts; a number that would be rounded must never be charged. */
function exactly(minor) {
  const number = Number(minor);
  if (Number.isSafeInteger(number)) return number;
  throw new Failed({ tag: "not-executed", val: "the amount is too large" });
}

/** Money as Acme Pay says it moved. */
function money({ amount, currency }) {
  if (Number.isSafeInteger(amount)) return { minor: BigInt(amount), currency };
  throw unknown("unreadable amount");
}

function declined(kind, code, providerRef) {
  const word = kind?.replaceAll("_", "-");
  return { tag: "declined", val: { kind: DECLINES.includes(word) ? word : "soft", code, providerRef } };
}

/** What became of a charge or refund. */
function outcome(charge) {
  const { id, status } = charge;
  if (typeof id !== "string") throw unknown("an answer that is no charge");
  switch (status) {
    case "succeeded":
      return { tag: "succeeded", val: { providerRef: id, amount: money(charge), rawStatus: status } };
    case "pending":
      return { tag: "pending", val: id };
    case "requires_action": {
      const expiresAt = charge.expires_at == null ? undefined : BigInt(charge.expires_at);
      return { tag: "requires-action", val: { providerRef: id, url: charge.action_url, expiresAt } };
    }
    case "cancelled":
      return { tag: "cancelled", val: id };
    case "failed":
      return declined(charge.decline?.kind, charge.decline?.code ?? status, id);
    default:
      throw unknown(`${id} has the unknown status ${status}`);
  }
}

/** What became of what was just asked for: a decline comes as 402. */
function made(answer) {
  if (answer.status !== 402) return outcome(answered(answer));
  const { kind, code, charge } = read(answer.body).error;
  return declined(kind, code, charge);
}

const setting = (key, label, kind, required) => ({ key, label, kind: { tag: kind }, required, default: undefined });

export const provider = {
  describe: () => ({
    name: "acme-javascript",
    version: "1.0.0",
    displayName: "Acme Pay",
    capabilities: {
      idempotency: {
        windowS: 86_400n,
        header: "Idempotency-Key",
        replaysErrors: false,
        rejectsMismatch: true,
      },
      lookup: { byReference: true, lagS: 0 },
      cancel: false,
      refund: true,
      listSince: false,
      maxInFlightS: 60,
    },
    authorization: { tag: "headers" },
    hosts: ["${settings.base_url}"],
    redirectHosts: ["${settings.base_url}"],
    lookupPosts: [],
    settings: [
      setting("base_url", "Address of Acme Pay", "url", true),
      setting("secret_key", "Secret key", "secret", true),
      setting("webhook_secret", "Secret of the webhooks", "secret", false),
    ],
    methodKinds: ["card"],
    currencies: [],
  }),

  beginSetup(account, context, { customerRef, customerId, email, kind, returnUrl, locale }) {
    const body = { customer: customerRef, customer_id: customerId, email, kind, return_url: returnUrl, locale };
    const { id, url } = answered(request(account, "post", "/v1/setups", body));
    return { setupRef: id, url };
  },

  completeSetup(account, setupRef) {
    const path = `/v1/setups/${encodeURIComponent(setupRef)}`;
    const { status, method, failure } = answered(request(account, "get", path));
    if (status === "open" || status === "verifying") return { tag: status };
    if (status === "failed") return { tag: status, val: failure ?? "" };
    if (status !== "done") throw unknown(`${setupRef} has the unknown status ${status}`);
    const val = {
      methodRef: method.id,
      customerRef: method.customer ?? undefined,
      kind: method.kind,
      brand: method.brand ?? "",
      last4: method.last4 ?? "",
      expMonth: method.exp_month ?? undefined,
      expYear: method.exp_year ?? undefined,
      fingerprint: method.fingerprint ?? undefined,
    };
    return { tag: status, val };
  },

  detach(account, context, methodRef) {
    const answer = request(account, "post", `/v1/methods/${encodeURIComponent(methodRef)}/detach`, {});
    if (answer.status !== 404 && !isSuccess(answer)) throw refused(answer);
  },

  charge(account, context, { amount, methodRef, customerRef, description, offSession, returnUrl }) {
    const body = {
      amount: exactly(amount.minor),
      currency: amount.currency,
      method: methodRef,
      customer: customerRef,
      reference: context.reference,
      description,
      off_session: offSession,
      return_url: returnUrl,
    };
    return made(request(account, "post", "/v1/charges", body));
  },

  refund(account, context, { amount, chargeRef }) {
    const body = { charge: chargeRef, amount: exactly(amount.minor), reference: context.reference };
    return made(request(account, "post", "/v1/refunds", body));
  },

  cancel: unsupported,

  /** By our key, never by the reference alone: earlier attempts for the same thing carry the same one. */
  lookUp(account, { movement, key }) {
    const { data } = answered(request(account, "get", `/v1/${movement}s?key=${encodeURIComponent(key)}`));
    return data.length === 0 ? { tag: "not-found" } : { tag: "outcome", val: outcome(data[0]) };
  },

  listSince: unsupported,

  /** `acme-signature: t=SECONDS,v1=HEX`, the HMAC-SHA-256 of `SECONDS.BODY`. */
  verifyWebhook(account, { headers, body, receivedAt }) {
    const secret = Object.fromEntries(account.settings).webhook_secret;
    const signature = Object.fromEntries(headers)["acme-signature"]?.match(/^t=(\d{1,12}),v1=([0-9a-f]{64})$/);
    if (!secret || !signature) throw new Failed("bad-signature");
    const [, time, hex] = signature;
    const mac = Uint8Array.from(hex.match(/../g), (byte) => Number.parseInt(byte, 16));
    const message = new Uint8Array([...new TextEncoder().encode(`${time}.`), ...body]);
    if (!hmacSha256Verify(secret, message, mac)) throw new Failed("bad-signature");
    const age = receivedAt - BigInt(time);
    if (age > TOLERANCE || age < -TOLERANCE) throw new Failed("stale");

    try {
      const { id, type, data } = read(body);
      if (typeof id !== "string" || typeof type !== "string") throw new Failed("malformed");
      return [{ id, change: change(type, data) }];
    } catch {
      throw new Failed("malformed");
    }
  },
};

/** What a signed event says. */
function change(type, data) {
  switch (type) {
    case "charge.updated":
    case "refund.updated":
      return {
        tag: "settled",
        val: {
          movement: type.split(".")[0],
          providerRef: data.id,
          key: data.key ?? undefined,
          reference: data.reference ?? undefined,
          createdAt: BigInt(data.created),
          outcome: outcome(data),
        },
      };
    case "setup.updated":
      return { tag: "setup", val: data.id };
    case "method.removed":
      return { tag: "method-removed", val: data.id };
    default:
      return { tag: "ignored" };
  }
}
