//! `authwire call`: makes a call with the connector's auth and prints the answer.

use std::fs;
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use authwire_core::Code;
use authwire_core::header::{is_value, name_fault};
use authwire_runtime::{Client, Error, RequestBuilder, Response};
use clap::Args;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use http_body_util::BodyExt as _;

use super::load;
use crate::arguments::TypeArguments;
use crate::ending::see_through;
use crate::moment::in_words;
use crate::outcome::{Failure, Outcome, Status, complain};
use crate::store::StoreArguments;

/// Make a call, authenticated as the connector says, and print the answer's body.
///
/// The body is printed whatever the status; the exit status is 1 if that is 400 or more.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The connector file; `-` for stdin
    file: PathBuf,
    /// GET, POST, …
    method: String,
    /// The path below the connector's base URL, with its query
    path: String,
    /// The body, `@FILE` or `@-` (stdin). Sent as JSON if it begins with `{` or `[`, else as a form, unless -H sets another type
    #[arg(short, long, value_name = "BODY")]
    data: Option<String>,
    /// A header, `Name: value`; may be given several times
    #[arg(short = 'H', long = "header", value_name = "HEADER")]
    headers: Vec<String>,
    /// Print the answer's status and headers too
    #[arg(short, long)]
    include: bool,
    /// Write the answer's body to a file; `-` for stdout
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    types: TypeArguments,
}

/// The longest body that a device may give: more than anybody types at a terminal.
const LONGEST_OF_DEVICE: u64 = 1 << 20;

const DAY: Duration = Duration::from_secs(86_400);

const EXAMPLES: &str = "\
Examples:
  authwire call connectors/zoom.json GET '/users?page_size=10'
  authwire call connectors/zoom.json POST /users -d '{\"action\": \"create\"}'
  authwire call connectors/zoom.json PUT /picture -d @me.png -H 'Content-Type: image/png'
  authwire call connectors/zoom.json GET /report -o report.pdf -i";

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    if arguments.file == Path::new("-") && arguments.data.as_deref() == Some("@-") {
        return Err(Failure::not_run("the connector file and the body cannot both be read from stdin")
            .with_help("name a file for one of them"));
    }
    let method = method(&arguments.method)?;
    let headers = headers(&arguments.headers)?;
    let body = arguments.data.as_deref().map(body).transpose()?;
    let file = load(&arguments.file, &arguments.types.schemas)?;
    let output = arguments.output.as_deref().filter(|path| *path != Path::new("-"));
    let output = output.map(open).transpose()?;
    let services = arguments.store.services(&file.connector)?;
    let client = Client::with_services(file.connector, services);
    see_through(&client.authenticator().into(), async {
        let request = client.request(method, arguments.path.as_str());
        let response = prepare(request, headers, body).send().await.map_err(|error| failure(&error))?;
        // from here on it counts that the request was made
        print(response, arguments.include, output).await.map_err(Failure::after_all)
    })
}

/// The method `text`, in capitals: methods are case-sensitive, people are not.
pub(super) fn method(text: &str) -> Result<Method, Failure> {
    let method = Method::from_bytes(text.to_ascii_uppercase().as_bytes()).ok();
    // CONNECT makes a tunnel, no call
    method.filter(|method| *method != Method::CONNECT).ok_or_else(|| {
        Failure::not_run(format!("`{text}` is not a method for a call"))
            .with_help("GET, POST, PUT, PATCH, DELETE, …")
    })
}

/// What the API answered, and how long it asks to wait where it does.
pub(super) fn answered(response: &Response) -> String {
    let status = response.status();
    match response.retry_after() {
        // more is nonsense, or as good as for ever
        Some(wait) if wait > DAY => format!("the API answered {status} and asks to wait for more than a day"),
        Some(wait) => format!("the API answered {status} and asks to wait {}", in_words(wait)),
        None => format!("the API answered {status}"),
    }
}

/// What went wrong, in words.
pub(super) fn failure(error: &Error) -> Failure {
    let failure = Failure::failed(error.to_string());
    match error {
        Error::LoginRequired { .. } => failure.with_help("authwire login FILE begins the login"),
        _ => failure,
    }
}

fn headers(lines: &[String]) -> Result<HeaderMap, Failure> {
    let mut headers = HeaderMap::new();
    for line in lines {
        // the value may be a secret, so it is not repeated
        let wrong = |what: &str| Failure::not_run(format!("-H: {what}"));
        let unwritten = |what: &str| wrong(what).with_help("write it as `Name: value`");
        let (name, value) = line.split_once(':').ok_or_else(|| unwritten("there is no `:`"))?;
        match name_fault(name.trim()) {
            Some((Code::ReservedHeader, fault)) => return Err(wrong(&fault)),
            Some((_, fault)) => return Err(unwritten(&fault)),
            None => {}
        }
        let name: HeaderName =
            name.trim().parse().map_err(|_| unwritten("this is not a legal header name"))?;
        let value = Some(value.trim()).filter(|value| is_value(value)).and_then(|value| value.parse().ok());
        let mut value: HeaderValue = value
            .ok_or_else(|| wrong(&format!("the value of `{name}` holds a character that a header cannot")))?;
        value.set_sensitive(true);
        headers.append(name, value);
    }
    Ok(headers)
}

/// The file for the answer's body. It is opened before anything is sent, and what it holds is gone only when there is an answer.
fn open(path: &Path) -> Result<fs::File, Failure> {
    let opened = fs::OpenOptions::new().write(true).create(true).truncate(false).open(path);
    opened.map_err(|error| Failure::not_run(format!("`{}` cannot be written: {error}", path.display())))
}

/// The body that `-d` says.
fn body(data: &str) -> Result<Vec<u8>, Failure> {
    let Some(path) = data.strip_prefix('@') else { return Ok(data.as_bytes().to_vec()) };
    let read = match path {
        "-" => {
            let mut bytes = Vec::new();
            io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
        }
        path => read_body(Path::new(path)),
    };
    read.map_err(|error| Failure::not_run(format!("the body `{path}` cannot be read: {error}")))
}

/// The bytes at `path`: a file of any length, a pipe to its end. A device may have none.
fn read_body(path: &Path) -> io::Result<Vec<u8>> {
    let file = fs::File::open(path)?;
    let kind = file.metadata()?.file_type();
    #[cfg(unix)]
    let may_be_endless = std::os::unix::fs::FileTypeExt::is_char_device(&kind);
    #[cfg(not(unix))]
    let may_be_endless = !kind.is_file();
    let limit = if may_be_endless { LONGEST_OF_DEVICE } else { u64::MAX - 1 };
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        let message = format!("a device that gives more than {limit} bytes may never end");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
    }
    Ok(bytes)
}

fn prepare(request: RequestBuilder, headers: HeaderMap, body: Option<Vec<u8>>) -> RequestBuilder {
    let mut request = request;
    let says_type = headers.contains_key(header::CONTENT_TYPE);
    for (name, value) in headers.iter() {
        request = request.header(name.clone(), value.clone());
    }
    let Some(body) = body else { return request };
    if !says_type {
        let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
        let media_type = match first {
            Some(b'{' | b'[') => "application/json",
            _ => "application/x-www-form-urlencoded",
        };
        request = request.header(header::CONTENT_TYPE, media_type);
    }
    request.body(body)
}

async fn print(response: Response, include: bool, output: Option<fs::File>) -> Outcome {
    let status = response.status();
    let (refusal, answered) = (response.refusal().map(ToString::to_string), answered(&response));
    let mut stdout = io::stdout().lock();
    if include {
        head(&mut stdout, &response)?;
    }
    let mut file;
    let out: &mut dyn Write = match output {
        Some(opened) => {
            // a pipe or a device holds nothing
            if opened.metadata()?.is_file() {
                opened.set_len(0)?;
            }
            file = opened;
            &mut file
        }
        None => &mut stdout,
    };
    let mut body = response.into_http().into_body();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| Failure::failed(broke_off(&*error)))?;
        if let Some(data) = frame.data_ref() {
            out.write_all(data)?;
        }
    }
    out.flush()?;
    // RFC 9110 §15 ends at 599: what is beyond is no success either
    if status.as_u16() < 400 {
        return Ok(Status::Fine);
    }
    match refusal {
        Some(words) => complain(&words, &[]),
        None => complain(&answered, &[]),
    }
    Ok(Status::Failed)
}

/// Why the answer ended early. A client's own words may show the URL, and with it a key: only what caused it is told.
fn broke_off(error: &(dyn std::error::Error + 'static)) -> String {
    let mut cause = error.source();
    while let Some(deeper) = cause.and_then(std::error::Error::source) {
        cause = Some(deeper);
    }
    match cause {
        Some(cause) => format!("the answer broke off: {cause}"),
        None => "the answer broke off".to_owned(),
    }
}

fn head(out: &mut dyn Write, response: &Response) -> io::Result<()> {
    writeln!(out, "{}", response.status())?;
    for (name, value) in response.headers() {
        write!(out, "{name}: ")?;
        out.write_all(value.as_bytes())?;
        writeln!(out)?;
    }
    writeln!(out)
}
