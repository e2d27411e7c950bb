//! The table of a plan: what goes on the wire.

use authwire_model::plan::{
    AnswerPlace, At, AuthorizationPlan, AwsSigv4Plan, Body, ClientAuthentication, Condition, ConnectionAuth,
    ConnectionPlan, DpopPlan, Field, FieldKind, HmacPlan, Jwt, Keep, LoginPlan, LoginValue, Made, Make,
    Members, Oauth1Plan, Part, Pick, Placed, Placement, Plan, RenewOn, RequestPart, RequestPlan,
    ResponsePlan, SignaturePlan, Source, Statuses, StepPlan, Template, Test, TokenPlan, Value,
};
use proc_macro2::TokenStream;

use super::data::{Data, choice, made, record};

record!(__p, Plan { version, fields, connection, make, token, apply });
record!(__p, Field { path, pointer, title, kind, secret, always, may_be_binary, default });
choice!(__p, FieldKind { Plain, Text, Url, Secret, Map, Boolean, Number, Json });
record!(__p, Condition { source, test });
choice!(__p, Test { Equals(value), Present(present) });

record!(__p, ConnectionPlan { when, what });
choice!(__p, ConnectionAuth {
    ClientCertificate { certificate, private_key, passphrase },
    Ntlm { username, password, domain, workstation },
});

record!(__p, Make { name, what });
choice!(__p, Made { Jwt(jwt) });
record!(__p, Jwt { algorithm, key, key_encoding, lifetime_seconds, jti, nbf, header, claims });

record!(__p, TokenPlan { when, keep, login, dpop, steps, requests, response, renew_on });
record!(__p, Keep { name, initial, from });
record!(__p, LoginPlan { authorization, device });
record!(__p, AuthorizationPlan { when, temporary, url, query, redirect_uri, issuer });
record!(__p, DpopPlan { when, key });
record!(__p, StepPlan { name, request, pick });
record!(__p, Pick { name, place });
record!(__p, RequestPlan { when, method, url, query, headers, body, client_authentication, sign });
choice!(__p, Body { Empty, Form(members), Json(members) });
record!(__p, ClientAuthentication { style, id, secret, username, password, assertion });
record!(__p, ResponsePlan { access_token, expires_in, token_type, error, base_url, pick });
record!(__p, AnswerPlace { at, format, expect, when });
choice!(__p, At { Pointer(at), Header(at), Cookie(at), Cookies(names), Input(at), Meta(at) });
record!(__p, RenewOn { status, redirects_to, header });
choice!(__p, Statuses { These(statuses), Field(field) });

record!(__p, Placement { when, what });
choice!(__p, Placed {
    Header(members),
    Query(members),
    Cookie(members),
    Cookies(cookies),
    Form(members),
    Json(members),
    Basic { username, password },
    Signature(signature),
});
choice!(__p, SignaturePlan {
    Oauth1(plan),
    Digest { username, password },
    Dpop { key, token },
    Hmac(plan),
    AwsSigv4(plan),
});
record!(
    __p,
    Oauth1Plan {
        client_key,
        client_secret,
        token,
        token_secret,
        private_key,
        signature_method,
        callback,
        verifier,
        realm,
        placement,
    }
);
record!(__p, AwsSigv4Plan { access_key_id, secret_access_key, session_token, region, service });
record!(__p, HmacPlan { algorithm, key, key_encoding, string, encoding, timestamp, headers, query });

record!(__p, Members { named, spreads });
choice!(__p, Value {
    Template(template),
    Literal(value),
    Pattern { pattern, value },
    First(values),
    Object(members),
    Array(items),
});
record!(__p, Template { parts });
choice!(__p, Part { Literal(text), Field(source) });
choice!(__p, Source {
    Field(field),
    Make(at),
    AccessToken,
    TokenValue(at),
    Kept(at),
    Picked(step, pick),
    Login(value),
    Request(part),
    BaseUrl,
    ConnectorName,
});
choice!(__p, LoginValue { Code, CodeVerifier, RedirectUri, DeviceCode, Token, TokenSecret, Verifier });
choice!(
    __p,
    RequestPart {
        Method,
        Host,
        Path,
        Query,
        Target,
        ContentType,
        Body,
        BodyMd5,
        BodyMd5Base64,
        BodySha1,
        BodySha256,
        BodySha256Base64,
        BodySha512,
        Timestamp,
        Nonce,
        Signature,
    }
);
