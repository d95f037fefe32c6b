//! Why a call brought nothing, as values that have a message in every language.

use std::io;
use std::time::Duration;

use super::id::PackageId;
use super::role::Role;
use super::tls_fault::{TlsFault, TlsSetupFault};
use crate::error::Failure;
use crate::i18n::{Text, io_message};

/// Why something could not be read or done.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FailureCause {
    /// Nothing is known beyond the kind of failure.
    Unspecified,
    /// A cause at one place: `OPERATION (ADDRESS)`, or an address.
    At {
        /// The place.
        place: String,
        /// The cause there.
        cause: Box<FailureCause>,
    },
    /// A cause on the way through a proxy, or from it.
    Through {
        /// The proxy's scheme, host and port.
        proxy: String,
        /// The cause.
        cause: Box<FailureCause>,
    },
    /// What the platform said itself, escaped, one line; it is quoted as it is.
    Said(String),
    /// The host name cannot be resolved.
    UnknownHost,
    /// The port refuses the connection.
    PortRefused,
    /// No connection in time.
    ConnectTimeout,
    /// No connection for another reason.
    NoConnection(io::ErrorKind),
    /// No connection, and the operating system was not the one that failed (a proxy that refused).
    ConnectFailed(String),
    /// TLS was not agreed on.
    Tls(TlsFault),
    /// Connected, but no first byte in time.
    NoAnswer {
        /// The time that was waited.
        limit: Duration,
    },
    /// The answer stopped in the middle.
    Stalled {
        /// Bytes that came.
        received: usize,
        /// The time without a further byte.
        limit: Duration,
    },
    /// The answer was still coming at the end of its time.
    Unfinished {
        /// Bytes that came.
        received: usize,
        /// The time that was waited.
        limit: Duration,
    },
    /// The time of the whole run (`--deadline`) was over before the answer.
    RunOver,
    /// The connection broke before the answer.
    Broken,
    /// The answer is not HTTP.
    NotHttp,
    /// The connection broke in the middle of the body.
    CutOff {
        /// The beginning of the body, escaped.
        begins: String,
    },
    /// The body is larger than is taken.
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The path does not belong to the instance.
    BadPath(String),
    /// The request cannot be built, in the HTTP library's words.
    BadRequest(String),
    /// TLS cannot be set up.
    TlsSetup(TlsSetupFault),
    /// No token could be made.
    NoToken(Box<FailureCause>),
    /// The token did not come in time.
    TokenTimeout,
    /// The token cannot be signed, in the library's words.
    TokenNotSigned(String),
    /// The token does not fit into a header.
    TokenUnsendable,
    /// No seed is known.
    NoSeed,
    /// The same after several attempts.
    Repeated {
        /// The cause of the last attempt.
        cause: Box<FailureCause>,
        /// Attempts made.
        attempts: u32,
    },
    /// Not requested, since earlier requests to the same server failed for this cause.
    NotAsked(Box<FailureCause>),
    /// A redirect.
    Redirect {
        /// HTTP status.
        http: u16,
        /// `Location`, escaped, if there is one.
        location: Option<String>,
    },
    /// An error of the platform, and then a second document.
    SecondDocument(Box<FailureCause>),
    /// JSON that is nested too deep.
    TooDeep {
        /// The limit in levels.
        levels: usize,
    },
    /// The values of the answer take too much memory.
    TooManyValues {
        /// The field where that was seen.
        field: String,
        /// The limit in MiB.
        mib: usize,
    },
    /// `status: OK` with an HTTP status that says otherwise.
    StatusOk {
        /// HTTP status.
        http: u16,
    },
    /// The platform refuses without a message.
    NoMessage {
        /// HTTP status.
        http: u16,
        /// `code`, if there is one.
        code: Option<i64>,
    },
    /// v3 wants the call again with a confirmation, in its words.
    AsksConfirmation(String),
    /// An HTTP status that says all there is.
    Http(u16),
    /// What a framework or proxy said.
    HttpSaid {
        /// HTTP status.
        http: u16,
        /// Its words, escaped.
        words: String,
    },
    /// A v4 gateway's own 404, which it also answers if core is down.
    GatewayNotFound,
    /// A gateway answers at core's address, and core behind it does not.
    GatewayWithoutCore(Box<FailureCause>),
    /// The server does what another one does, and may be it.
    AnswersAs(Role),
    /// Nothing tells to which of the two instances the server belongs.
    OfEitherInstance,
    /// The body is not one of the platform's.
    NotEnvelope {
        /// HTTP status.
        http: u16,
        /// What it is instead.
        body: BodyFault,
    },
    /// `data` is no text where a version was expected.
    NotAVersion,
    /// `data` has another shape than expected.
    UnexpectedData {
        /// Where, as a JSON path.
        path: String,
        /// The JSON parser's words, escaped.
        reason: String,
    },
    /// A listing ended before all rows had come.
    MissingRows {
        /// Rows that came.
        rows: usize,
        /// Rows that the platform says there are.
        total: usize,
    },
    /// The answer to a login holds no access token.
    NoAccessToken,
    /// No package has the id any more.
    NoPackage(PackageId),
    /// The side was not opened for this.
    SideNotOpened,
    /// The path of a static file may not be requested.
    BadFilePath(FilePathFault),
    /// The portal told no length.
    NoLength,
    /// Core was started again, so that what ran in it has ended.
    CoreRestarted,
    /// An earlier run sent it and ended before the answer.
    SentByRun(String),
    /// Another run writes: who.
    OtherRun(String),
    /// The portal answers with this status for a file that nobody has, so what it serves proves nothing.
    ServesWhatIsNotThere(u16),
    /// The server did not prove to be what it was given as, so what it does not serve proves nothing.
    NotIdentified(Box<FailureCause>),
}

/// What a body is if it is not the platform's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BodyFault {
    /// No byte.
    Empty,
    /// Not UTF-8.
    NotText {
        /// Its bytes.
        bytes: usize,
    },
    /// HTML; its beginning.
    Html(String),
    /// Not JSON; its beginning.
    NotJson(String),
    /// JSON that ends in the middle.
    CutOff {
        /// Its bytes.
        bytes: usize,
        /// Its beginning.
        begins: String,
    },
    /// A whole document and another one, whose beginning this is.
    SecondDocument(String),
    /// JSON of another type than an object.
    NotAnObject(&'static str),
    /// JSON without `status`; its beginning.
    NoStatus(String),
    /// A `status` that no version of the platform uses.
    UnknownStatus(String),
}

/// Why the path of a static file is not requested: a browser would load it from elsewhere, or nobody
/// could.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FilePathFault {
    /// Nothing is there.
    Empty,
    /// It does not begin with `/` (this includes every path with a scheme).
    NotFromRoot,
    /// It begins with `//` or `/\`, which a browser takes for another host
    /// (`docs/platform/portal.md#static-path`).
    OtherHost,
    /// A `.` or `..` segment, also percent-encoded.
    DotSegment,
    /// A backslash, which browsers and servers read differently.
    Backslash,
    /// A control character.
    Control,
}

impl FailureCause {
    /// The cause, at a place.
    #[must_use]
    pub fn at(self, place: impl Into<String>) -> Self {
        Self::At {
            place: place.into(),
            cause: Box::new(self),
        }
    }

    /// The cause, met through a proxy.
    #[must_use]
    pub fn through(self, proxy: Option<String>) -> Self {
        match proxy {
            Some(proxy) if !self.is_said() => Self::Through {
                proxy,
                cause: Box::new(self),
            },
            _ => self,
        }
    }

    /// The cause itself, without place, proxy and number of attempts.
    pub fn root(&self) -> &Self {
        match self {
            Self::At { cause, .. } | Self::Repeated { cause, .. } | Self::Through { cause, .. } => {
                cause.root()
            }
            _ => self,
        }
    }

    /// Why TLS was not agreed on, if that is the cause.
    pub fn tls(&self) -> Option<&TlsFault> {
        match self.root() {
            Self::Tls(fault) => Some(fault),
            _ => None,
        }
    }

    /// Whether these are the platform's own words, in its own envelope.
    pub fn is_said(&self) -> bool {
        matches!(
            self.root(),
            Self::Said(_) | Self::NoMessage { .. } | Self::AsksConfirmation(_)
        )
    }

    /// Whether nothing is known beyond the kind of failure.
    pub fn is_unspecified(&self) -> bool {
        *self == Self::Unspecified
    }

    /// The cause, in the reader's language.
    pub fn message(&self) -> Text {
        match self {
            Self::Unspecified => Text::new("cause-unspecified"),
            Self::At { place, cause } => Text::new("cause-at")
                .with("place", place)
                .nested("cause", cause.message()),
            Self::Through { proxy, cause } => Text::new("cause-through")
                .with("proxy", proxy)
                .nested("cause", cause.message()),
            Self::Said(words) => Text::new("cause-said").with("words", words),
            Self::UnknownHost => Text::new("cause-unknown-host"),
            Self::PortRefused => Text::new("cause-port-refused"),
            Self::ConnectTimeout => Text::new("cause-connect-timeout"),
            Self::NoConnection(kind) => Text::new("cause-no-connection")
                .nested("reason", io_message(&io::Error::from(*kind))),
            Self::ConnectFailed(reason) => Text::new("cause-no-connection").with("reason", reason),
            Self::Tls(fault) => Text::new("cause-tls").nested("reason", fault.message()),
            Self::NoAnswer { limit } => Text::new("cause-no-answer").with("limit", seconds(*limit)),
            Self::Stalled { received, limit } => Text::new("cause-stalled")
                .with("bytes", received)
                .with("limit", seconds(*limit)),
            Self::Unfinished { received, limit } => Text::new("cause-unfinished")
                .with("bytes", received)
                .with("limit", seconds(*limit)),
            Self::RunOver => Text::new("cause-run-over"),
            Self::Broken => Text::new("cause-broken"),
            Self::NotHttp => Text::new("cause-not-http"),
            Self::CutOff { begins } => Text::new("cause-cut-off").with("begins", begins),
            Self::TooLarge { limit } => Text::new("cause-too-large").with("limit", limit),
            Self::BadPath(path) => Text::new("cause-bad-path").with("path", path),
            Self::BadRequest(reason) => Text::new("cause-bad-request").with("reason", reason),
            Self::TlsSetup(fault) => fault.message(),
            Self::NoToken(cause) => Text::new("cause-no-token").nested("cause", cause.message()),
            Self::TokenTimeout => Text::new("cause-token-timeout"),
            Self::TokenNotSigned(reason) => Text::new("token-mint-failed").with("cause", reason),
            Self::TokenUnsendable => Text::new("token-mint-no-header"),
            Self::NoSeed => Text::new("cause-no-seed"),
            Self::Repeated { cause, attempts } => Text::new("cause-repeated")
                .nested("cause", cause.message())
                .with("attempts", attempts),
            Self::NotAsked(cause) => Text::new("cause-not-asked").nested("cause", cause.message()),
            _ => self.answer_message(),
        }
    }

    /// What the platform said itself, if that is the cause.
    pub fn quote(&self) -> Option<&str> {
        match self.root() {
            Self::Said(words) => Some(words),
            _ => None,
        }
    }

    /// The same with everything that is quoted changed by `edit`, to hide secrets.
    #[must_use]
    pub fn map_quotes(self, edit: &dyn Fn(&str) -> String) -> Self {
        let boxed = |cause: Box<Self>| Box::new(cause.map_quotes(edit));
        match self {
            Self::At { place, cause } => Self::At {
                place,
                cause: boxed(cause),
            },
            Self::Repeated { cause, attempts } => Self::Repeated {
                cause: boxed(cause),
                attempts,
            },
            Self::NoToken(cause) => Self::NoToken(boxed(cause)),
            Self::NotAsked(cause) => Self::NotAsked(boxed(cause)),
            Self::SecondDocument(cause) => Self::SecondDocument(boxed(cause)),
            Self::GatewayWithoutCore(cause) => Self::GatewayWithoutCore(boxed(cause)),
            Self::Said(words) => Self::Said(edit(&words)),
            Self::AsksConfirmation(words) => Self::AsksConfirmation(edit(&words)),
            Self::CutOff { begins } => Self::CutOff {
                begins: edit(&begins),
            },
            Self::HttpSaid { http, words } => Self::HttpSaid {
                http,
                words: edit(&words),
            },
            Self::Redirect { http, location } => Self::Redirect {
                http,
                location: location.map(|location| edit(&location)),
            },
            Self::UnexpectedData { path, reason } => Self::UnexpectedData {
                path: edit(&path),
                reason: edit(&reason),
            },
            Self::NotEnvelope { http, body } => Self::NotEnvelope {
                http,
                body: body.map_quotes(edit),
            },
            other => other,
        }
    }

    /// The causes that are about a whole answer.
    fn answer_message(&self) -> Text {
        match self {
            Self::Redirect {
                http,
                location: Some(location),
            } => Text::new("cause-redirect")
                .with("http", http)
                .with("location", location),
            Self::Redirect { http, .. } => Text::new("cause-redirect-nowhere").with("http", http),
            Self::SecondDocument(cause) => {
                Text::new("cause-second-document").nested("cause", cause.message())
            }
            Self::TooManyValues { field, mib } => Text::new("cause-too-many-values")
                .with("field", field)
                .with("mib", mib),
            Self::TooDeep { levels } => Text::new("cause-too-deep").with("levels", levels),
            Self::StatusOk { http } => Text::new("cause-status-ok").with("http", http),
            Self::NoMessage {
                http,
                code: Some(code),
            } => Text::new("cause-no-message-code")
                .with("http", http)
                .with("code", code),
            Self::NoMessage { http, .. } => Text::new("cause-no-message").with("http", http),
            Self::AsksConfirmation(words) => {
                Text::new("cause-asks-confirmation").with("words", words)
            }
            Self::Http(http) => Text::new("cause-http").with("http", http),
            Self::HttpSaid { http, words } => Text::new("cause-http-said")
                .with("http", http)
                .with("words", words),
            Self::GatewayNotFound => Text::new("cause-gateway-not-found"),
            Self::GatewayWithoutCore(cause) => {
                Text::new("cause-gateway-without-core").nested("cause", cause.message())
            }
            Self::AnswersAs(role) => Text::new("cause-answers-as").nested("role", role.text()),
            Self::OfEitherInstance => Text::new("cause-of-either-instance"),
            Self::NotEnvelope { http, body } => Text::new("cause-not-envelope")
                .with("http", http)
                .nested("body", body.message()),
            Self::NotAVersion => Text::new("cause-not-a-version"),
            Self::UnexpectedData { path, reason } => Text::new("cause-unexpected-data")
                .with("path", path)
                .nested("reason", data_fault(reason)),
            Self::MissingRows { rows, total } => Text::new("cause-missing-rows")
                .with("rows", rows)
                .with("total", total),
            Self::NoAccessToken => Text::new("cause-no-access-token"),
            Self::NoPackage(id) => Text::new("cause-no-package").with("id", id),
            Self::SideNotOpened => Text::new("cause-side-not-opened"),
            Self::BadFilePath(fault) => {
                Text::new("cause-bad-file-path").nested("reason", fault.message())
            }
            Self::CoreRestarted => Text::new("cause-core-restarted"),
            Self::SentByRun(run) => Text::new("cause-sent-by-run").with("run", run),
            Self::OtherRun(who) => Text::new("apply-mark-held").with("who", who),
            Self::NotIdentified(cause) => {
                Text::new("cause-not-identified").nested("cause", cause.message())
            }
            Self::ServesWhatIsNotThere(http) => {
                Text::new("cause-serves-what-is-not-there").with("http", http)
            }
            _ => Text::new("cause-no-length"),
        }
    }
}

impl From<TlsSetupFault> for FailureCause {
    fn from(fault: TlsSetupFault) -> Self {
        Self::TlsSetup(fault)
    }
}

impl From<FilePathFault> for FailureCause {
    fn from(fault: FilePathFault) -> Self {
        Self::BadFilePath(fault)
    }
}

impl BodyFault {
    fn map_quotes(self, edit: &dyn Fn(&str) -> String) -> Self {
        match self {
            Self::Html(begins) => Self::Html(edit(&begins)),
            Self::NotJson(begins) => Self::NotJson(edit(&begins)),
            Self::CutOff { bytes, begins } => Self::CutOff {
                bytes,
                begins: edit(&begins),
            },
            Self::SecondDocument(begins) => Self::SecondDocument(edit(&begins)),
            Self::NoStatus(begins) => Self::NoStatus(edit(&begins)),
            Self::UnknownStatus(status) => Self::UnknownStatus(edit(&status)),
            other => other,
        }
    }

    fn message(&self) -> Text {
        match self {
            Self::Empty => Text::new("cause-body-empty"),
            Self::NotText { bytes } => Text::new("cause-body-not-text").with("bytes", bytes),
            Self::Html(begins) => Text::new("cause-body-html").with("begins", begins),
            Self::NotJson(begins) => Text::new("cause-body-not-json").with("begins", begins),
            Self::CutOff { bytes, begins } => Text::new("cause-body-cut-off")
                .with("bytes", bytes)
                .with("begins", begins),
            Self::SecondDocument(begins) => {
                Text::new("cause-body-second-document").with("begins", begins)
            }
            Self::NotAnObject(kind) => {
                Text::new("cause-body-not-an-object").nested("kind", json_kind(kind))
            }
            Self::NoStatus(begins) => Text::new("cause-body-no-status").with("begins", begins),
            Self::UnknownStatus(status) => {
                Text::new("cause-body-unknown-status").with("status", status)
            }
        }
    }
}

impl FilePathFault {
    fn message(self) -> Text {
        match self {
            Self::Empty => Text::new("cause-path-empty"),
            Self::NotFromRoot => Text::new("cause-path-not-from-root"),
            Self::OtherHost => Text::new("cause-path-other-host"),
            Self::DotSegment => Text::new("cause-path-dot-segment"),
            Self::Backslash => Text::new("cause-path-backslash"),
            Self::Control => Text::new("cause-path-control"),
        }
    }
}

fn json_kind(kind: &str) -> Text {
    match kind {
        "array" => Text::new("cause-json-array"),
        "null" => Text::new("cause-json-null"),
        "string" => Text::new("cause-json-string"),
        "number" => Text::new("cause-json-number"),
        _ => Text::new("cause-json-boolean"),
    }
}

/// What a JSON parser says of a value, told by its fixed words.
fn data_fault(words: &str) -> Text {
    let quoted = |text: Text| {
        let name = words.split('`').nth(1).unwrap_or_default();
        text.with("name", name)
    };
    match words {
        _ if words.starts_with("missing field") => quoted(Text::new("cause-data-missing")),
        _ if words.ends_with("is neither yes nor no") => quoted(Text::new("cause-data-flag")),
        _ if words.ends_with("is no number that fits") => quoted(Text::new("cause-data-number")),
        _ if words.starts_with("empty, but") => Text::new("cause-data-empty"),
        _ if words.starts_with("invalid type") || words.ends_with("a text was expected") => {
            Text::new("cause-data-type").with("words", words)
        }
        _ => Text::new("cause-said").with("words", words),
    }
}

/// `30 s`, or `250 ms` if it is not whole seconds.
fn seconds(duration: Duration) -> String {
    if duration.subsec_millis() == 0 && duration.as_secs() > 0 {
        format!("{} s", duration.as_secs())
    } else {
        format!("{} ms", duration.as_millis())
    }
}
