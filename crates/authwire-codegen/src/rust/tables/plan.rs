//! The table of a plan: what goes on the wire.

use authwire_core::plan::{
    AnswerPlace, At, Body, ClientAuthentication, Condition, ConnectionAuth, ConnectionPlan, Field, FieldKind,
    HmacPlan, Jwt, Keep, LoginPlan, Made, Make, Members, Part, Pick, Placed, Placement, Plan, RenewOn,
    RequestPlan, ResponsePlan, SignaturePlan, Source, Statuses, StepPlan, Template, Test, TokenPlan, Value,
};
use proc_macro2::TokenStream;
use quote::quote;

use super::{json, list, option, text};

/// Writes a plan as an expression.
pub(super) fn plan(plan: &Plan) -> TokenStream {
    let version = plan.version;
    let fields = list(&plan.fields, field);
    let connection = option(plan.connection.as_ref(), connection);
    let make = list(&plan.make, make);
    let token = option(plan.token.as_ref(), token);
    let apply = list(&plan.apply, placement);
    quote! {
        __p::Plan {
            version: #version, fields: #fields, connection: #connection, make: #make, token: #token, apply: #apply
        }
    }
}

fn connection(plan: &ConnectionPlan) -> TokenStream {
    let when = list(&plan.when, condition);
    let what = match &plan.what {
        ConnectionAuth::ClientCertificate { certificate, private_key, passphrase } => {
            let certificate = template(certificate);
            let private_key = option(private_key.as_ref(), template);
            let passphrase = option(passphrase.as_ref(), template);
            quote! {
                ClientCertificate { certificate: #certificate, private_key: #private_key, passphrase: #passphrase }
            }
        }
        ConnectionAuth::Ntlm { username, password, domain, workstation } => {
            let (username, password) = (template(username), template(password));
            let (domain, workstation) =
                (option(domain.as_ref(), template), option(workstation.as_ref(), template));
            quote! {
                Ntlm { username: #username, password: #password, domain: #domain, workstation: #workstation }
            }
        }
    };
    quote! { __p::ConnectionPlan { when: #when, what: __p::ConnectionAuth::#what } }
}

fn field(field: &Field) -> TokenStream {
    let (path, pointer) = (text(&field.path), text(&field.pointer));
    let title = option(field.title.as_deref(), text);
    let kind = match field.kind {
        FieldKind::Plain => quote! { Plain },
        FieldKind::Text => quote! { Text },
        FieldKind::Url => quote! { Url },
        FieldKind::Secret => quote! { Secret },
        FieldKind::Map => quote! { Map },
        FieldKind::Boolean => quote! { Boolean },
        FieldKind::Number => quote! { Number },
        FieldKind::Json => quote! { Json },
    };
    let (always, may_be_binary) = (field.always, field.may_be_binary);
    let default = option(field.default.as_ref(), json);
    quote! {
        __p::Field {
            path: #path, pointer: #pointer, title: #title, kind: __p::FieldKind::#kind, always: #always,
            may_be_binary: #may_be_binary, default: #default,
        }
    }
}

fn make(make: &Make) -> TokenStream {
    let name = text(&make.name);
    let Made::Jwt(jwt) = &make.what;
    let jwt = self::jwt(jwt);
    quote! { __p::Make { name: #name, what: __p::Made::Jwt(#jwt) } }
}

fn jwt(jwt: &Jwt) -> TokenStream {
    let (algorithm, key) = (template(&jwt.algorithm), template(&jwt.key));
    let key_encoding = option(jwt.key_encoding.as_ref(), template);
    let lifetime_seconds = template(&jwt.lifetime_seconds);
    let (jti, nbf) = (option(jwt.jti.as_ref(), template), option(jwt.nbf.as_ref(), template));
    let (header, claims) = (members(&jwt.header), members(&jwt.claims));
    quote! {
        __p::Jwt {
            algorithm: #algorithm, key: #key, key_encoding: #key_encoding, lifetime_seconds: #lifetime_seconds,
            jti: #jti, nbf: #nbf, header: #header, claims: #claims,
        }
    }
}

fn token(token: &TokenPlan) -> TokenStream {
    let when = list(&token.when, condition);
    let keep = list(&token.keep, |Keep { name, initial, from }| {
        let (name, initial, from) = (text(name), option(initial.as_ref(), template), template(from));
        quote! { __p::Keep { name: #name, initial: #initial, from: #from } }
    });
    let login = option(token.login.as_ref(), login);
    let dpop = option(token.dpop.as_ref(), |plan| {
        let (when, key) = (list(&plan.when, condition), template(&plan.key));
        quote! { __p::DpopPlan { when: #when, key: #key } }
    });
    let steps = list(&token.steps, step);
    let requests = list(&token.requests, request);
    let response = response(&token.response);
    let renew_on = renew_on(&token.renew_on);
    quote! {
        __p::TokenPlan {
            when: #when, keep: #keep, login: #login, dpop: #dpop, steps: #steps, requests: #requests, response: #response,
            renew_on: #renew_on,
        }
    }
}

fn renew_on(renew_on: &RenewOn) -> TokenStream {
    let status = option(renew_on.status.as_ref(), |status| match status {
        Statuses::These(statuses) => {
            let statuses = list(statuses, |status| quote! { #status });
            quote! { __p::Statuses::These(#statuses) }
        }
        Statuses::Field(field) => quote! { __p::Statuses::Field(#field) },
    });
    let redirects_to = option(renew_on.redirects_to.as_ref(), template);
    let header = list(&renew_on.header, |(name, value)| {
        let (name, value) = (template(name), template(value));
        quote! { (#name, #value) }
    });
    quote! { __p::RenewOn { status: #status, redirects_to: #redirects_to, header: #header } }
}

fn login(login: &LoginPlan) -> TokenStream {
    let authorization = option(login.authorization.as_ref(), |plan| {
        let (when, url, query) = (list(&plan.when, condition), template(&plan.url), members(&plan.query));
        let temporary = option(plan.temporary.as_ref(), request);
        let redirect_uri = option(plan.redirect_uri.as_ref(), template);
        let issuer = option(plan.issuer.as_ref(), template);
        quote! {
            __p::AuthorizationPlan {
                when: #when, temporary: #temporary, url: #url, query: #query, redirect_uri: #redirect_uri,
                issuer: #issuer,
            }
        }
    });
    let device = option(login.device.as_ref(), request);
    quote! { __p::LoginPlan { authorization: #authorization, device: #device } }
}

fn step(step: &StepPlan) -> TokenStream {
    let (name, request) = (text(&step.name), request(&step.request));
    let pick = list(&step.pick, pick);
    quote! { __p::StepPlan { name: #name, request: #request, pick: #pick } }
}

fn pick(Pick { name, place }: &Pick) -> TokenStream {
    let (name, place) = (text(name), answer_place(place));
    quote! { __p::Pick { name: #name, place: #place } }
}

fn request(request: &RequestPlan) -> TokenStream {
    let when = list(&request.when, condition);
    let (method, url) = (text(&request.method), template(&request.url));
    let (query, headers) = (members(&request.query), members(&request.headers));
    let body = match &request.body {
        Body::Empty => quote! { Empty },
        Body::Form(form) => {
            let form = members(form);
            quote! { Form(#form) }
        }
        Body::Json(json) => {
            let json = members(json);
            quote! { Json(#json) }
        }
    };
    let client = option(request.client_authentication.as_ref(), client_authentication);
    let sign = option(request.sign.as_ref(), signature);
    quote! {
        __p::RequestPlan {
            when: #when, method: #method, url: #url, query: #query, headers: #headers, body: __p::Body::#body,
            client_authentication: #client, sign: #sign,
        }
    }
}

fn client_authentication(client: &ClientAuthentication) -> TokenStream {
    let style = option(client.style.as_ref(), template);
    let id = template(&client.id);
    let secret = option(client.secret.as_ref(), template);
    let (username, password) =
        (option(client.username.as_ref(), template), option(client.password.as_ref(), template));
    let assertion = option(client.assertion.as_ref(), template);
    quote! {
        __p::ClientAuthentication {
            style: #style, id: #id, secret: #secret, username: #username, password: #password,
            assertion: #assertion,
        }
    }
}

fn response(response: &ResponsePlan) -> TokenStream {
    let access_token = answer_place(&response.access_token);
    let expires_in = option(response.expires_in.as_ref(), answer_place);
    let token_type = option(response.token_type.as_ref(), answer_place);
    let error = option(response.error.as_ref(), answer_place);
    let base_url = option(response.base_url.as_ref(), answer_place);
    let pick = list(&response.pick, pick);
    quote! {
        __p::ResponsePlan {
            access_token: #access_token, expires_in: #expires_in, token_type: #token_type, error: #error,
            base_url: #base_url, pick: #pick,
        }
    }
}

fn answer_place(place: &AnswerPlace) -> TokenStream {
    let at = match &place.at {
        At::Pointer(at) => {
            let at = template(at);
            quote! { Pointer(#at) }
        }
        At::Header(at) => {
            let at = template(at);
            quote! { Header(#at) }
        }
        At::Cookie(at) => {
            let at = template(at);
            quote! { Cookie(#at) }
        }
        At::Cookies(names) => {
            let names = list(names, template);
            quote! { Cookies(#names) }
        }
        At::Input(at) => {
            let at = template(at);
            quote! { Input(#at) }
        }
        At::Meta(at) => {
            let at = template(at);
            quote! { Meta(#at) }
        }
    };
    let (format, expect) = (option(place.format.as_ref(), template), option(place.expect.as_ref(), template));
    let when = list(&place.when, condition);
    quote! { __p::AnswerPlace { at: __p::At::#at, format: #format, expect: #expect, when: #when } }
}

fn placement(placement: &Placement) -> TokenStream {
    let when = list(&placement.when, condition);
    let what = match &placement.what {
        Placed::Header(rows) => {
            let rows = members(rows);
            quote! { Header(#rows) }
        }
        Placed::Query(rows) => {
            let rows = members(rows);
            quote! { Query(#rows) }
        }
        Placed::Cookie(rows) => {
            let rows = members(rows);
            quote! { Cookie(#rows) }
        }
        Placed::Form(rows) => {
            let rows = members(rows);
            quote! { Form(#rows) }
        }
        Placed::Json(rows) => {
            let rows = members(rows);
            quote! { Json(#rows) }
        }
        Placed::Cookies(of) => {
            let of = template(of);
            quote! { Cookies(#of) }
        }
        Placed::Basic { username, password } => {
            let (username, password) = (template(username), template(password));
            quote! { Basic { username: #username, password: #password } }
        }
        Placed::Signature(of) => {
            let of = signature(of);
            quote! { Signature(#of) }
        }
    };
    quote! { __p::Placement { when: #when, what: __p::Placed::#what } }
}

fn signature(signature: &SignaturePlan) -> TokenStream {
    let signature = match signature {
        SignaturePlan::Oauth1 {
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
        } => {
            let (client_key, signature_method) = (template(client_key), template(signature_method));
            let (placement, realm) = (template(placement), option(realm.as_ref(), template));
            let (client_secret, token) =
                (option(client_secret.as_ref(), template), option(token.as_ref(), template));
            let token_secret = option(token_secret.as_ref(), template);
            let private_key = option(private_key.as_ref(), template);
            let (callback, verifier) =
                (option(callback.as_ref(), template), option(verifier.as_ref(), template));
            quote! {
                Oauth1 {
                    client_key: #client_key, client_secret: #client_secret, token: #token,
                    token_secret: #token_secret, private_key: #private_key,
                    signature_method: #signature_method, callback: #callback, verifier: #verifier,
                    realm: #realm, placement: #placement,
                }
            }
        }
        SignaturePlan::Digest { username, password } => {
            let (username, password) = (template(username), template(password));
            quote! { Digest { username: #username, password: #password } }
        }
        SignaturePlan::Dpop { key, token } => {
            let (key, token) = (template(key), template(token));
            quote! { Dpop { key: #key, token: #token } }
        }
        SignaturePlan::Hmac(plan) => hmac(plan),
        SignaturePlan::AwsSigv4 { access_key_id, secret_access_key, session_token, region, service } => {
            let (access_key_id, secret_access_key) = (template(access_key_id), template(secret_access_key));
            let (region, service) = (template(region), template(service));
            let session_token = option(session_token.as_ref(), template);
            quote! {
                AwsSigv4 {
                    access_key_id: #access_key_id, secret_access_key: #secret_access_key,
                    session_token: #session_token, region: #region, service: #service,
                }
            }
        }
    };
    quote! { __p::SignaturePlan::#signature }
}

fn hmac(plan: &HmacPlan) -> TokenStream {
    let (algorithm, key, string) = (template(&plan.algorithm), template(&plan.key), template(&plan.string));
    let key_encoding = option(plan.key_encoding.as_ref(), template);
    let encoding = option(plan.encoding.as_ref(), template);
    let timestamp = option(plan.timestamp.as_ref(), template);
    let (headers, query) = (members(&plan.headers), members(&plan.query));
    quote! {
        Hmac(__p::HmacPlan {
            algorithm: #algorithm, key: #key, key_encoding: #key_encoding, string: #string, encoding: #encoding,
            timestamp: #timestamp, headers: #headers, query: #query,
        })
    }
}

fn members(members: &Members) -> TokenStream {
    let named = list(&members.named, |(name, of)| {
        let (name, of) = (template(name), value(of));
        quote! { (#name, #of) }
    });
    let spreads = list(&members.spreads, |field| quote! { #field });
    quote! { __p::Members { named: #named, spreads: #spreads } }
}

fn value(of: &Value) -> TokenStream {
    let of = match of {
        Value::Template(of) => {
            let of = template(of);
            quote! { Template(#of) }
        }
        Value::Literal(of) => {
            let of = json(of);
            quote! { Literal(#of) }
        }
        Value::Pattern { pattern, value: of } => {
            let (pattern, of) = (template(pattern), list(of, value));
            quote! { Pattern { pattern: #pattern, value: #of } }
        }
        Value::First(of) => {
            let of = list(of, value);
            quote! { First(#of) }
        }
        Value::Object(of) => {
            let of = members(of);
            quote! { Object(#of) }
        }
        Value::Array(of) => {
            let of = list(of, value);
            quote! { Array(#of) }
        }
    };
    quote! { __p::Value::#of }
}

fn template(template: &Template) -> TokenStream {
    let parts = list(&template.parts, |part| match part {
        Part::Literal(literal) => {
            let literal = text(literal);
            quote! { __p::Part::Literal(#literal) }
        }
        Part::Field(of) => {
            let of = source(*of);
            quote! { __p::Part::Field(#of) }
        }
    });
    quote! { __p::Template { parts: #parts } }
}

fn source(source: Source) -> TokenStream {
    let source = match source {
        Source::Field(field) => quote! { Field(#field) },
        Source::Make(at) => quote! { Make(#at) },
        Source::AccessToken => quote! { AccessToken },
        Source::TokenValue(at) => quote! { TokenValue(#at) },
        Source::Kept(at) => quote! { Kept(#at) },
        Source::Picked(step, pick) => quote! { Picked(#step, #pick) },
        Source::Login(value) => {
            // a variant's name, which `Debug` writes
            let value = quote::format_ident!("{value:?}");
            quote! { Login(__p::LoginValue::#value) }
        }
        Source::Request(part) => {
            // a variant's name, which `Debug` writes
            let part = quote::format_ident!("{part:?}");
            quote! { Request(__p::RequestPart::#part) }
        }
        Source::BaseUrl => quote! { BaseUrl },
        Source::ConnectorName => quote! { ConnectorName },
    };
    quote! { __p::Source::#source }
}

fn condition(condition: &Condition) -> TokenStream {
    let source = source(condition.source);
    let test = match &condition.test {
        Test::Equals(value) => {
            let value = json(value);
            quote! { Equals(#value) }
        }
        Test::Present(present) => quote! { Present(#present) },
    };
    quote! { __p::Condition { source: #source, test: __p::Test::#test } }
}
