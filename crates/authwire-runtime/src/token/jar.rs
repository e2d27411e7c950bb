//! Cookies (RFC 6265): those of one login, where what its answers set goes along with the requests that follow, each to where
//! it belongs; and those of the session that came of it, which go along with every call.
//!
//! It must not know what a cookie is for. A jar lives as long as its login, or its session.

use std::time::{Duration, SystemTime};

use http::header::SET_COOKIE;
use http::{HeaderMap, Uri};
use url::Url;
use zeroize::Zeroizing;

use crate::calendar;

/// The most cookies that are held: what a server may count on (§6.1).
const MOST: usize = 50;

/// The cookies of one login, or of one session.
#[derive(Default)]
pub(crate) struct Jar(Vec<Cookie>);

struct Cookie {
    name: String,
    value: Zeroizing<String>,
    domain: String,
    host_only: bool,
    path: String,
    ends_at: Option<SystemTime>,
}

/// The cookies that are a session.
pub(crate) struct Session {
    /// As `Cookie` writes them.
    pub(crate) cookies: Zeroizing<String>,
    /// When the first of them ends, if one does.
    pub(crate) ends_at: Option<SystemTime>,
}

impl Jar {
    /// The cookies of a session, as `Cookie` writes them. The session's end is theirs.
    pub(crate) fn of_session(cookies: &str) -> Self {
        let pairs = cookies.split("; ").filter_map(|pair| pair.split_once('='));
        Self(pairs.map(|(name, value)| Cookie::new(name, value, String::new(), "/")).collect())
    }

    /// Takes what the answer from `uri` sets (§5.3).
    pub(crate) fn store(&mut self, uri: &Uri, headers: &HeaderMap, now: SystemTime) {
        self.take(uri, headers, now, |known, new| {
            known.name == new.name && known.domain == new.domain && known.path == new.path
        });
    }

    /// Takes what the answer of the API at `base` sets among the cookies of a session, which has one of each name.
    pub(crate) fn update(&mut self, base: &Uri, headers: &HeaderMap, now: SystemTime) {
        self.take(base, headers, now, |known, new| known.name == new.name);
    }

    fn take(
        &mut self,
        uri: &Uri,
        headers: &HeaderMap,
        now: SystemTime,
        are_same: impl Fn(&Cookie, &Cookie) -> bool,
    ) {
        let texts = headers.get_all(SET_COOKIE).iter().filter_map(|header| header.to_str().ok());
        for new in texts.filter_map(|text| Cookie::read(text, uri, now)) {
            self.0.retain(|known| known.lives(now) && !are_same(known, &new));
            // where there are too many, those that the login set, which came first, are the ones that matter
            if new.lives(now) && self.0.len() < MOST {
                self.0.push(new);
            }
        }
    }

    /// Name and value of each cookie of a session. The time is asked only if one of them ends.
    pub(crate) fn pairs<'j>(
        &'j self,
        now: &'j dyn Fn() -> SystemTime,
    ) -> impl Iterator<Item = (&'j str, &'j str)> + Clone {
        let living = self.0.iter().filter(|cookie| cookie.ends_at.is_none_or(|end| now() < end));
        living.map(|cookie| (cookie.name.as_str(), cookie.value.as_str()))
    }

    /// The value of `Cookie` for a request to `uri` (§5.4).
    pub(crate) fn header(&self, uri: &Uri, now: SystemTime) -> Option<Zeroizing<String>> {
        let path = uri.path();
        let mut sent: Vec<&Cookie> = self.of_host(uri, now).filter(|it| it.is_sent_to(path)).collect();
        // the more special path first
        sent.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        written(sent.iter().map(|cookie| (cookie.name.as_str(), cookie.value.as_str())))
    }

    /// The cookies for the API at `base`, all, or those of `names`.
    ///
    /// # Errors
    ///
    /// The name of one that was not set.
    pub(crate) fn of_api<'n>(
        &self,
        base: &Url,
        names: &'n [String],
        now: SystemTime,
    ) -> Result<Option<Session>, &'n str> {
        let Ok(uri) = base.as_str().parse::<Uri>() else { return Ok(None) };
        // of one name, the one that a browser would send there first; of several such the latest
        let rank = |cookie: &Cookie| (cookie.is_sent_to(uri.path()), cookie.path.len());
        let mut known: Vec<&Cookie> = Vec::new();
        for cookie in self.of_host(&uri, now) {
            match known.iter_mut().find(|known| known.name == cookie.name) {
                Some(known) if rank(known) <= rank(cookie) => *known = cookie,
                Some(_) => {}
                None => known.push(cookie),
            }
        }
        if let Some(missing) = names.iter().find(|name| !known.iter().any(|known| known.name == **name)) {
            return Err(missing);
        }
        let wanted = |cookie: &&Cookie| names.is_empty() || names.contains(&cookie.name);
        known.retain(wanted);
        let ends_at = known.iter().filter_map(|cookie| cookie.ends_at).min();
        let text = written(known.iter().map(|cookie| (cookie.name.as_str(), cookie.value.as_str())));
        Ok(text.map(|cookies| Session { cookies, ends_at }))
    }

    /// The values, to be masked.
    pub(crate) fn values(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|cookie| cookie.value.as_str())
    }

    fn of_host(&self, uri: &Uri, now: SystemTime) -> impl Iterator<Item = &Cookie> {
        let host = uri.host().unwrap_or_default().to_ascii_lowercase();
        self.0.iter().filter(move |cookie| {
            let belongs =
                if cookie.host_only { cookie.domain == host } else { is_within(&host, &cookie.domain) };
            belongs && cookie.lives(now)
        })
    }
}

fn written<'c>(pairs: impl Iterator<Item = (&'c str, &'c str)>) -> Option<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    for (name, value) in pairs {
        if !text.is_empty() {
            text.push_str("; ");
        }
        text.push_str(name);
        text.push('=');
        text.push_str(value);
    }
    (!text.is_empty()).then_some(text)
}

impl Cookie {
    /// A cookie that only `host` has, and that has no end.
    fn new(name: &str, value: &str, host: String, path: &str) -> Self {
        Self {
            name: name.to_owned(),
            value: Zeroizing::new(value.to_owned()),
            domain: host,
            host_only: true,
            path: path.to_owned(),
            ends_at: None,
        }
    }

    /// Reads `Set-Cookie` (§5.2); `None` if it sets nothing.
    fn read(text: &str, uri: &Uri, now: SystemTime) -> Option<Self> {
        let host = uri.host()?.to_ascii_lowercase();
        let mut parts = text.split(';').map(str::trim);
        let (name, value) = parts.next()?.split_once('=')?;
        let (name, value) = (name.trim(), value.trim());
        if name.is_empty() {
            return None;
        }
        let mut cookie = Self::new(name, value, host.clone(), default_path(uri.path()));
        let mut max_age = None;
        for part in parts {
            let (attribute, value) = part.split_once('=').unwrap_or((part, ""));
            match (attribute.trim().to_ascii_lowercase().as_str(), value.trim()) {
                ("domain", domain) if !domain.is_empty() => {
                    let domain = domain.trim_start_matches('.').to_ascii_lowercase();
                    if !is_within(&host, &domain) || (!domain.contains('.') && domain != host) {
                        return None;
                    }
                    cookie.host_only = domain == host && is_address(&host);
                    cookie.domain = domain;
                }
                ("path", path) if path.starts_with('/') => cookie.path = path.to_owned(),
                // `Secure` says nothing new: plain http is spoken with this machine alone
                ("max-age", age) => {
                    max_age = age.parse::<i64>().ok().map(|age| match u64::try_from(age) {
                        Ok(seconds @ 1..) => now.checked_add(Duration::from_secs(seconds)),
                        _ => Some(SystemTime::UNIX_EPOCH),
                    });
                }
                ("expires", date) => cookie.ends_at = calendar::read_cookie_date(date),
                _ => {}
            }
        }
        // §5.3: `Max-Age` has precedence
        if let Some(ends_at) = max_age {
            cookie.ends_at = ends_at;
        }
        Some(cookie)
    }

    fn lives(&self, now: SystemTime) -> bool {
        self.ends_at.is_none_or(|end| now < end)
    }

    /// Whether it is for `path` (§5.1.4).
    fn is_sent_to(&self, path: &str) -> bool {
        path.strip_prefix(&*self.path)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || self.path.ends_with('/'))
    }
}

/// §5.1.4: up to the last `/`.
fn default_path(path: &str) -> &str {
    match path.rfind('/') {
        None | Some(0) => "/",
        Some(at) => path.get(..at).unwrap_or("/"),
    }
}

/// Whether `host` is `domain` or below it (§5.1.3).
fn is_within(host: &str, domain: &str) -> bool {
    host == domain
        || (!is_address(host) && host.strip_suffix(domain).is_some_and(|front| front.ends_with('.')))
}

fn is_address(host: &str) -> bool {
    host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use http::header::SET_COOKIE;
    use http::{HeaderMap, Uri};
    use url::Url;

    use super::Jar;

    const NOW: SystemTime = SystemTime::UNIX_EPOCH;

    fn now() -> SystemTime {
        NOW + Duration::from_secs(1_000_000_000)
    }

    fn jar(from: &str, cookies: &[&str]) -> Jar {
        let mut jar = Jar::default();
        store(&mut jar, from, cookies);
        jar
    }

    fn store(jar: &mut Jar, from: &str, cookies: &[&str]) {
        let mut headers = HeaderMap::new();
        for cookie in cookies {
            headers.append(SET_COOKIE, cookie.parse().unwrap());
        }
        jar.store(&Uri::try_from(from).unwrap(), &headers, now());
    }

    fn sent(jar: &Jar, to: &str) -> String {
        jar.header(&Uri::try_from(to).unwrap(), now()).map(|text| text.to_string()).unwrap_or_default()
    }

    #[test]
    fn a_cookie_goes_where_it_belongs_and_nowhere_else() {
        let set = [
            "host=1; Path=/",
            "domain=2; Domain=.example.com; Path=/",
            "deep=3; Path=/app",
            "here=4",
            "foreign=5; Domain=elsewhere.example",
            "top=6; Domain=com",
        ];
        let jar = jar("https://www.example.com/login/start", &set);
        assert_eq!(sent(&jar, "https://www.example.com/"), "host=1; domain=2");
        assert_eq!(sent(&jar, "https://www.example.com/app/x"), "deep=3; host=1; domain=2");
        assert_eq!(sent(&jar, "https://www.example.com/application"), "host=1; domain=2");
        assert_eq!(sent(&jar, "https://www.example.com/login/end"), "here=4; host=1; domain=2");
        assert_eq!(sent(&jar, "https://api.example.com/"), "domain=2");
        assert_eq!(sent(&jar, "https://badexample.com/"), "");
        assert_eq!(sent(&jar, "https://elsewhere.example/"), "");
    }

    #[test]
    fn a_later_answer_changes_and_removes() {
        let from = "http://127.0.0.1:8080/login";
        let mut jar = jar(from, &["a=1", "b=2; Max-Age=60", "c=3; Expires=Wed, 21 Oct 2015 07:28:00 GMT"]);
        assert_eq!(sent(&jar, from), "a=1; b=2; c=3");
        store(&mut jar, from, &["a=new", "b=; Max-Age=0", "c=; Expires=Thu, 01 Jan 1970 00:00:00 GMT"]);
        assert_eq!(sent(&jar, from), "a=new");
        assert_eq!(sent(&jar, "http://127.0.0.2:8080/login"), "");
    }

    #[test]
    fn those_of_the_api_are_all_or_named() {
        let jar =
            jar("https://acme.example/session", &["sid=1; Path=/", "xsrf=2; Path=/", "sid=0; Path=/old"]);
        let base = Url::parse("https://acme.example/api").unwrap();
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let all = jar.of_api(&base, &[], now()).unwrap().unwrap();
        assert_eq!(*all.cookies, "sid=1; xsrf=2");
        let one = names(&["xsrf"]);
        assert_eq!(*jar.of_api(&base, &one, now()).unwrap().unwrap().cookies, "xsrf=2");
        let other = names(&["sid", "gone"]);
        assert_eq!(jar.of_api(&base, &other, now()).err(), Some("gone"));
    }

    #[test]
    fn of_two_cookies_with_one_name_the_api_gets_that_which_is_meant_for_it() {
        let base = Url::parse("https://www.example.com/api").unwrap();
        for (set, of_api) in [
            (["JSESSIONID=pre", "JSESSIONID=post; Path=/"], "JSESSIONID=post"),
            (["id=root; Path=/", "id=api; Path=/api"], "id=api"),
            (["id=api; Path=/api", "id=root; Path=/"], "id=api"),
            (["id=1; Path=/a", "id=2; Path=/b"], "id=2"),
        ] {
            let jar = jar("https://www.example.com/auth/login", &set);
            let sent = jar.of_api(&base, &[], now()).unwrap().unwrap();
            assert_eq!(*sent.cookies, of_api, "{set:?}");
        }
    }
}
