//! `client_authentication`: which style goes with what (RFC 6749 §2.3.1).

use super::header::{self, Holds, Sent};
use super::spread::{Added, Sends};
use super::{Check, Issue};
use crate::finding::Code;
use crate::plan::{CLIENT_ID_PARAMETER, CLIENT_SECRET_PARAMETERS, ClientAuthentication, Template};

/// What client authentication may add to a request.
#[derive(Clone, Copy, Default)]
pub(super) struct Additions {
    pub(super) headers: &'static [Sent<'static>],
    pub(super) form: &'static [Added<'static>],
}

const ID: Added<'_> = Added { name: CLIENT_ID_PARAMETER, value: Sends::Id, secret: false };
const SECRET: Added<'_> = Added { name: CLIENT_SECRET_PARAMETERS[0], value: Sends::Other, secret: true };
const ASSERTION: [Added<'_>; 3] = [
    ID,
    Added { name: "client_assertion_type", value: Sends::Text(ASSERTION_TYPE), secret: false },
    Added { name: CLIENT_SECRET_PARAMETERS[1], value: Sends::Other, secret: true },
];
/// RFC 7523 §2.2.
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const AUTHORIZATION: &[Sent<'_>] = &[Sent { name: header::AUTHORIZATION, holds: Holds::Client }];

impl Check<'_, '_> {
    pub(super) fn client_authentication(&mut self, client: &ClientAuthentication) -> Additions {
        let style = client.style.as_ref().and_then(|style| self.literal(style));
        let has = |template: Option<&Template>| template.is_some_and(|template| self.present(template));
        let (has_id, has_secret) = (self.present(&client.id), has(client.secret.as_ref()));
        let has_username = has(client.username.as_ref());
        let style = style.as_ref().map(|(style, field)| (&**style, *field));
        if !has_id {
            // without a client it is left out, but not if the file asks for it
            if let Some(("basic" | "basic_raw" | "basic_username_password", Some(field))) = style
                && self.slot(field).is_present()
            {
                let message = "this style needs a client's id, and there is none";
                let help = "give the client's id and secret, or leave the style out";
                self.add(self.at(field, Code::Conflict, message).help(help));
            }
            return Additions::default();
        }
        if client.assertion.is_some() {
            return Additions { headers: &[], form: &ASSERTION };
        }
        match style {
            Some((style @ ("basic" | "basic_raw"), field)) => {
                // what the other style writes as `%3A`
                if style == "basic_raw" {
                    self.basic(&client.id);
                }
                match field {
                    _ if has_secret => {}
                    Some(field) => {
                        let message = "this style needs a client secret, and there is none";
                        self.add(self.at(field, Code::Conflict, message).help(
                            "give the secret, or leave the style out: a public client sends its id in the body",
                        ));
                    }
                    None => self.no_secret(client),
                }
                Additions { headers: AUTHORIZATION, form: &[] }
            }
            Some(("basic_username_password", field)) => {
                if let Some(username) = client.username.as_ref().filter(|_| has_username) {
                    self.basic(username);
                    return Additions { headers: AUTHORIZATION, form: &[ID, SECRET] };
                }
                self.basic(&client.id);
                match field {
                    _ if has_secret => {}
                    Some(field) => {
                        let message = "this style needs a user name or a client secret, and there is neither";
                        self.add(self.at(field, Code::Conflict, message));
                    }
                    None => self.no_secret(client),
                }
                Additions { headers: AUTHORIZATION, form: &[] }
            }
            Some(("request_body", _)) => Additions { headers: &[], form: &[ID, SECRET] },
            // auto: both ways may be taken
            _ if has_secret => Additions { headers: AUTHORIZATION, form: &[ID, SECRET] },
            _ => Additions { headers: &[], form: &[ID] },
        }
    }

    /// Tells that the secret is not there which the plan's own style needs: at what lacks it.
    fn no_secret(&mut self, client: &ClientAuthentication) {
        let secret = client.secret.as_ref().and_then(Template::lone_field);
        let Some(field) = secret.and_then(|secret| self.field(secret)) else { return };
        let parent = field.pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
        let message = format!("the client is authenticated by Basic, and there is no `{}`", field.path);
        self.add(Issue::new(Code::Conflict, [self.prefix, parent].concat(), message).help("give the secret"));
    }
}
