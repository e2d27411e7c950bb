//! What of an API's answer says that the credential is dead: the plan's `renew_on`.

use authwire_core::Code;
use authwire_core::plan::Statuses;
use http::header::LOCATION;
use http::{HeaderMap, HeaderName, StatusCode, Uri};
use serde_json::Value;
use url::Url;

use crate::error::{Error, Unusable};
use crate::material::{Datum, Material};
use crate::phrase::Phrase;
use crate::template::Scope;

/// The statuses that say so: what the plan says, or 401.
pub(crate) fn statuses(material: &Material) -> Vec<u16> {
    let given = material.plan().token.as_ref().and_then(|token| token.renew_on.status.as_ref());
    let given = match given {
        Some(Statuses::These(statuses)) => statuses.to_vec(),
        Some(Statuses::Field(field)) => match material.datum(*field) {
            Datum::Json(Value::Array(statuses)) => {
                statuses.iter().filter_map(|status| status.as_u64()?.try_into().ok()).collect()
            }
            _ => Vec::new(),
        },
        None => Vec::new(),
    };
    if given.is_empty() { vec![401] } else { given }
}

/// What says so beside the status.
#[derive(Debug, Clone, Default)]
pub(crate) struct Signs {
    /// The page to which an answer redirects.
    page: Option<Page>,
    /// Headers with their values.
    headers: Vec<(HeaderName, String)>,
}

/// A page of the API's, or elsewhere.
#[derive(Debug, Clone)]
struct Page {
    /// As the plan has it: a URL, or a path of the API's origin.
    written: Phrase,
    address: Url,
}

impl Page {
    /// The page that is written as `written`, for an API at `base`; `None` if that makes no URL.
    fn at(base: &Url, written: Phrase) -> Option<Self> {
        let address = base.join(&written.value()).ok().filter(Url::has_host)?;
        Some(Self { written, address: address_of(address) })
    }
}

impl Signs {
    /// The signs that the plan names, for an API at `base`.
    pub(crate) fn read(scope: &Scope<'_>, base: &Url) -> Result<Self, Error> {
        let Some(token) = scope.material.plan().token.as_ref().filter(|token| scope.holds(&token.when))
        else {
            return Ok(Self::default());
        };
        let written = match &token.renew_on.redirects_to {
            Some(page) => scope.template(page)?,
            None => None,
        };
        let page = match written {
            Some(written) => {
                let fault = scope.blame(
                    Unusable::new(Code::Url, "the page that a redirect leads to is no URL and no path"),
                    written.fields(),
                );
                Some(Page::at(base, written).ok_or(fault)?)
            }
            None => None,
        };
        let mut headers = Vec::new();
        for (name, value) in &token.renew_on.header {
            if let (Some(name), Some(value)) = (scope.template(name)?, scope.template(value)?) {
                let legal = HeaderName::from_bytes(name.value().as_bytes());
                let fault = || {
                    scope.blame(Unusable::new(Code::HeaderName, "this is no header's name"), name.fields())
                };
                headers.push((legal.map_err(|_| fault())?, value.value().to_string()));
            }
        }
        Ok(Self { page, headers })
    }

    /// The same for an API that is at `base` now.
    pub(crate) fn moved_to(&self, base: &Url) -> Self {
        let page = self.page.as_ref().and_then(|page| Page::at(base, page.written.clone()));
        Self { page, headers: self.headers.clone() }
    }

    /// Whether an answer has to be asked: most plans name no sign.
    pub(crate) fn is_empty(&self) -> bool {
        self.page.is_none() && self.headers.is_empty()
    }

    /// Whether an answer to a request at `uri` has one of them.
    pub(crate) fn are_in(&self, uri: &Uri, status: StatusCode, headers: &HeaderMap) -> bool {
        self.page.as_ref().is_some_and(|page| {
            let location = headers.get(LOCATION).filter(|_| status.is_redirection());
            let target = location
                .and_then(|location| Url::parse(&uri.to_string()).ok()?.join(location.to_str().ok()?).ok());
            target.is_some_and(|target| address_of(target) == page.address)
        }) || self.headers.iter().any(|(name, wanted)| {
            let mut values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
            values.any(|value| value.trim().eq_ignore_ascii_case(wanted))
        })
    }
}

/// The URL without what differs from one redirect to the next.
fn address_of(mut url: Url) -> Url {
    url.set_query(None);
    url.set_fragment(None);
    url
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderName, StatusCode, Uri};
    use url::Url;

    use super::{Page, Signs};
    use crate::phrase::Phrase;

    #[test]
    fn a_redirect_to_the_page_or_a_header_says_so_and_nothing_else() {
        let base = Url::parse("https://crm.example/app").unwrap();
        let signs = Signs {
            page: Page::at(&base, Phrase::clear("https://crm.example/login?x=1")),
            headers: vec![(HeaderName::from_static("x-session"), "Expired".to_owned())],
        };
        let uri = Uri::from_static("https://crm.example/app/orders?page=2");
        for (status, name, value, expected) in [
            (302, "location", "/login?next=%2Fapp%2Forders", true),
            (303, "location", "https://crm.example/login#top", true),
            (307, "location", "../login", true),
            (302, "location", "/login/help", false),
            (302, "location", "https://elsewhere.example/login", false),
            (200, "location", "/login", false),
            (200, "x-session", "expired", true),
            (200, "x-session", "expires soon", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(HeaderName::from_static(name), value.parse().unwrap());
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(signs.are_in(&uri, status, &headers), expected, "{status} {name}: {value}");
        }
    }

    #[test]
    fn a_path_is_one_of_where_the_api_is_and_a_url_stays_where_it_is() {
        let url = |text: &str| Url::parse(text).unwrap();
        for (written, there) in [
            ("/login?x=1", "https://eu.example/login"),
            ("login", "https://eu.example/v1/login"),
            ("https://sso.example/login", "https://sso.example/login"),
        ] {
            let page = Page::at(&url("https://us.example/v1/"), Phrase::clear(written));
            let moved = Signs { page, headers: Vec::new() }.moved_to(&url("https://eu.example/v1/"));
            assert_eq!(moved.page.unwrap().address, url(there), "{written}");
        }
    }
}
