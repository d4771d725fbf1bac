"""A payment provider in Python. Acme Pay is made up: its API is that of plugins/simulator, so this runs against
`portico demo`; its signed webhooks are its own. What the functions mean stands in plugins/wit/v1/provider.wit.

`wit_world` is made from the contract by `componentize-py bindings`."""

import json
import re
from urllib.parse import quote

from componentize_py_types import Err
from wit_world import exports
from wit_world.exports.provider import (
    Change_Ignored,
    Change_MethodRemoved,
    Change_Settled,
    Change_Setup,
    Event,
    Found_NotFound,
    Found_Outcome,
    Listed,
    Movement,
    NewMethod,
    SetupStarted,
    SetupState_Done,
    SetupState_Failed,
    SetupState_Open,
    SetupState_Verifying,
    WebhookError,
)
from wit_world.imports import http, signing
from wit_world.imports.types import (
    Action,
    Authorization_Headers,
    CallError_IdempotencyConflict,
    CallError_Misconfigured,
    CallError_NotExecuted,
    CallError_RateLimited,
    CallError_Unknown,
    CallError_Unsupported,
    Capabilities,
    Decline,
    DeclineKind,
    Idempotency,
    Lookup,
    Manifest,
    Money,
    Outcome_Cancelled,
    Outcome_Declined,
    Outcome_Pending,
    Outcome_RequiresAction,
    Outcome_Succeeded,
    SettingField,
    SettingKind_Secret,
    SettingKind_Url,
    Settled,
)

# Seconds by which a webhook may be late, or early.
TOLERANCE = 300

MANIFEST = Manifest(
    name="acme-python",
    version="1.0.0",
    display_name="Acme Pay",
    capabilities=Capabilities(
        idempotency=Idempotency(
            window_s=86_400,
            header="Idempotency-Key",
            replays_errors=False,
            rejects_mismatch=True,
        ),
        lookup=Lookup(by_reference=True, lag_s=0),
        cancel=False,
        refund=True,
        list_since=False,
        max_in_flight_s=60,
    ),
    authorization=Authorization_Headers(),
    hosts=["${settings.base_url}"],
    redirect_hosts=["${settings.base_url}"],
    lookup_posts=[],
    settings=[
        SettingField("base_url", "Address of Acme Pay", SettingKind_Url(), True, None),
        SettingField("secret_key", "Secret key", SettingKind_Secret(), True, None),
        SettingField("webhook_secret", "Secret of the webhooks", SettingKind_Secret(), False, None),
    ],
    method_kinds=["card"],
    currencies=[],
)


def unknown(words):
    return Err(CallError_Unknown(words))


def request(account, method, path, body=None):
    """Sends a request. A secret is a handle here, `{{secret:secret_key}}`: the host puts the value in its place."""
    settings = dict(account.settings)
    try:
        return http.send(
            http.Request(
                method=method,
                url=settings["base_url"].rstrip("/") + path,
                headers=[
                    http.Header("authorization", f"Bearer {settings['secret_key']}"),
                    http.Header("content-type", "application/json"),
                ],
                body=b"" if body is None else json.dumps(body).encode(),
                step=None,
            )
        )
    except Err as error:
        # What may have left may have taken effect.
        kind = CallError_Unknown if error.value.sent else CallError_NotExecuted
        raise Err(kind(error.value.message)) from error


def read(body):
    """The object in a body. What cannot be read says nothing about what happened."""
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise unknown("unreadable answer")
    return found


def is_success(answer):
    return 200 <= answer.status < 300


def answered(answer):
    """The object in a successful answer."""
    if not is_success(answer):
        raise refused(answer)
    return read(answer.body)


def refused(answer):
    """Only what Acme Pay answers before it acts proves that nothing happened."""
    words = str(answer.status)
    if answer.status in (401, 403):
        return Err(CallError_Misconfigured(words))
    if answer.status in (400, 404, 422):
        return Err(CallError_NotExecuted(words))
    if answer.status == 409 and read(answer.body).get("error", {}).get("code") == "idempotency_mismatch":
        return Err(CallError_IdempotencyConflict(words))
    if answer.status == 429:
        asked = next((header.value for header in answer.headers if header.name == "retry-after"), "")
        return Err(CallError_RateLimited(int(asked) if re.fullmatch("[0-9]{1,9}", asked) else None))
    return unknown(words)


def declined(kind, code, provider_ref):
    """A kind that the contract does not know may pass later."""
    kind = DeclineKind.__members__.get((kind or "").upper(), DeclineKind.SOFT)
    return Outcome_Declined(Decline(kind, code, provider_ref))


def outcome(charge):
    """What became of a charge or refund."""
    match charge:
        case {"status": "succeeded", "id": str(id), "amount": int(amount), "currency": str(currency)}:
            return Outcome_Succeeded(Settled(id, Money(amount, currency), "succeeded"))
        case {"status": "pending", "id": str(id)}:
            return Outcome_Pending(id)
        case {"status": "requires_action", "id": str(id), "action_url": str(url)}:
            return Outcome_RequiresAction(Action(id, url, charge.get("expires_at")))
        case {"status": "cancelled", "id": str(id)}:
            return Outcome_Cancelled(id)
        case {"status": "failed", "id": str(id)}:
            why = charge.get("decline") or {}
            return declined(why.get("kind"), why.get("code", "failed"), id)
    raise unknown(f"an answer that is no charge, or has the unknown status {charge.get('status')}")


def made(answer):
    """What became of what was just asked for: a decline comes as 402."""
    if answer.status != 402:
        return outcome(answered(answer))
    error = read(answer.body)["error"]
    return declined(error.get("kind"), error["code"], error.get("charge"))


def method_of(method):
    return NewMethod(
        method_ref=method["id"],
        customer_ref=method.get("customer"),
        kind=method["kind"],
        brand=method.get("brand", ""),
        last4=method.get("last4", ""),
        exp_month=method.get("exp_month"),
        exp_year=method.get("exp_year"),
        fingerprint=method.get("fingerprint"),
    )


def change(kind, data):
    """What a signed event says."""
    match kind:
        case "charge.updated" | "refund.updated":
            movement = Movement.CHARGE if kind == "charge.updated" else Movement.REFUND
            key, reference = data.get("key"), data.get("reference")
            return Change_Settled(Listed(movement, data["id"], key, reference, data["created"], outcome(data)))
        case "setup.updated":
            return Change_Setup(data["id"])
        case "method.removed":
            return Change_MethodRemoved(data["id"])
    return Change_Ignored()


class Provider(exports.Provider):
    def describe(self):
        return MANIFEST

    def begin_setup(self, account, context, asked):
        body = {
            "customer": asked.customer_ref,
            "customer_id": asked.customer_id,
            "email": asked.email,
            "kind": asked.kind,
            "return_url": asked.return_url,
            "locale": asked.locale,
        }
        setup = answered(request(account, http.Method.POST, "/v1/setups", body))
        return SetupStarted(setup["id"], setup["url"])

    def complete_setup(self, account, setup_ref):
        setup = answered(request(account, http.Method.GET, f"/v1/setups/{quote(setup_ref, safe='')}"))
        match setup["status"]:
            case "done":
                return SetupState_Done(method_of(setup["method"]))
            case "verifying":
                return SetupState_Verifying()
            case "open":
                return SetupState_Open()
            case "failed":
                return SetupState_Failed(setup.get("failure") or "")
        raise unknown(f"{setup_ref} has the unknown status {setup['status']}")

    def detach(self, account, context, method_ref):
        path = f"/v1/methods/{quote(method_ref, safe='')}/detach"
        answer = request(account, http.Method.POST, path, {})
        if answer.status != 404 and not is_success(answer):
            raise refused(answer)

    def charge(self, account, context, asked):
        body = {
            "amount": asked.amount.minor,
            "currency": asked.amount.currency,
            "method": asked.method_ref,
            "customer": asked.customer_ref,
            "reference": context.reference,
            "description": asked.description,
            "off_session": asked.off_session,
            "return_url": asked.return_url,
        }
        return made(request(account, http.Method.POST, "/v1/charges", body))

    def refund(self, account, context, asked):
        body = {
            "charge": asked.charge_ref,
            "amount": asked.amount.minor,
            "reference": context.reference,
        }
        return made(request(account, http.Method.POST, "/v1/refunds", body))

    def cancel(self, account, context, provider_ref):
        raise Err(CallError_Unsupported())

    def look_up(self, account, query):
        """By our key, never by the reference alone: earlier attempts for the same thing carry the same one."""
        things = "charges" if query.movement is Movement.CHARGE else "refunds"
        path = f"/v1/{things}?key={quote(query.key, safe='')}"
        found = answered(request(account, http.Method.GET, path))["data"]
        return Found_Outcome(outcome(found[0])) if found else Found_NotFound()

    def list_since(self, account, since, cursor):
        raise Err(CallError_Unsupported())

    def verify_webhook(self, account, delivery):
        """`acme-signature: t=SECONDS,v1=HEX`, the HMAC-SHA-256 of `SECONDS.BODY`."""
        secret = dict(account.settings).get("webhook_secret")
        header = dict(delivery.headers).get("acme-signature", "")
        signature = re.fullmatch("t=([0-9]{1,12}),v1=([0-9a-f]{64})", header)
        if not secret or not signature:
            raise Err(WebhookError.BAD_SIGNATURE)
        time, mac = signature.groups()
        if not signing.hmac_sha256_verify(secret, f"{time}.".encode() + delivery.body, bytes.fromhex(mac)):
            raise Err(WebhookError.BAD_SIGNATURE)
        if abs(delivery.received_at - int(time)) > TOLERANCE:
            raise Err(WebhookError.STALE)

        try:
            event = read(delivery.body)
            return [Event(event["id"], change(event["type"], event.get("data")))]
        except (Err, LookupError, TypeError, AttributeError) as error:
            raise Err(WebhookError.MALFORMED) from error
