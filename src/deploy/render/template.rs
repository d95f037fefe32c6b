//! Fills the placeholders of a template.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::Value;

use super::yaml::{Quote, own_part, scalar_line, value_part};
use crate::deploy::env::{Service, Values, VersionNumbers, in_brackets, variable, version_of};
use crate::i18n::Text;

/// A compose file with placeholders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// The service that it starts.
    pub service: Service,
    /// Its path, or the file name of a built-in one; for messages.
    pub origin: String,
    /// Its text.
    pub text: String,
}

/// A compose file, ready to be written. No `Debug`: it holds secrets.
#[derive(Clone)]
pub struct Rendered {
    /// The service that it starts.
    pub service: Service,
    /// Its text.
    pub text: String,
    /// Text before a secret (`db_pass=`): a diff hides what follows.
    pub secret_keys: Vec<String>,
    /// Variables that it uses, sorted.
    pub used: Vec<String>,
}

/// A fault of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderFault {
    /// The template.
    pub origin: String,
    /// Its line, from 1.
    pub line: usize,
    /// The kind of fault.
    pub kind: RenderFaultKind,
}

/// Kinds of fault of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RenderFaultKind {
    /// The placeholder has no value.
    Leftover {
        /// The name between the braces.
        name: String,
    },
    /// The braces do not close on the same line.
    OpenBraces,
    /// The placeholder is in a key, a block scalar, a flow list or a text over several lines, where a
    /// value could change the structure.
    Unsafe,
    /// The template is not YAML.
    NotYaml {
        /// The parser's own message.
        said: String,
    },
}

impl RenderFault {
    /// The fault.
    pub fn message(&self) -> Text {
        let message = match &self.kind {
            RenderFaultKind::Leftover { name } => {
                Text::new("env-render-leftover").with("name", name)
            }
            RenderFaultKind::OpenBraces => Text::new("env-render-open-braces"),
            RenderFaultKind::Unsafe => Text::new("env-render-unsafe"),
            RenderFaultKind::NotYaml { said } => {
                Text::new("env-render-not-yaml").with("said", said)
            }
        };
        message.with("path", &self.origin).with("line", self.line)
    }
}

/// The built-in templates, for v4.0.0 to v4.5.6.
pub fn builtin_templates() -> Vec<Template> {
    let template = |service: Service| Template {
        service,
        origin: service.compose_file().to_owned(),
        text: match service {
            Service::Auth => include_str!("templates/1-wecube-platform-auth-server.yml"),
            Service::Core => include_str!("templates/2-wecube-platform-core.yml"),
            Service::Gateway => include_str!("templates/3-wecube-platform-gateway.yml"),
            Service::Portal => include_str!("templates/4-wecube-portal.yml"),
        }
        .to_owned(),
    };
    Service::ALL.map(template).into()
}

/// The names of the placeholders of templates.
pub fn placeholders(templates: &[Template]) -> BTreeSet<String> {
    let lines = templates.iter().flat_map(|one| one.text.lines());
    let names = lines
        .filter_map(pieces)
        .flatten()
        .filter_map(|piece| match piece {
            Piece::Name(name) => Some(name.to_owned()),
            Piece::Own(_) => None,
        });
    names.collect()
}

/// Variables of containers that the start scripts of a version read and own templates do not set,
/// each with its service.
pub fn unset_by(own: &[Template], version: &str) -> Vec<(Service, String)> {
    let version = version_of(version);
    let names = |template: &Template| -> Vec<String> {
        let name = |line: &str| {
            let line = of_version(line, version)?;
            let line = line
                .trim()
                .trim_start_matches("- ")
                .trim_start_matches(['"', '\'']);
            let name = line.split(['=', ':']).next()?.trim_end_matches(['"', '\'']);
            let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            (is_name && line.len() > name.len()).then(|| name.to_owned())
        };
        template.text.lines().filter_map(name).collect()
    };
    let mut unset = Vec::new();
    for builtin in builtin_templates() {
        let Some(own) = own.iter().find(|one| one.service == builtin.service) else {
            continue;
        };
        // An env_file may set any.
        if own.text.contains("env_file") {
            continue;
        }
        let set = names(own);
        let environment = builtin.text.lines().filter(|line| line.contains('='));
        let builtin_lines = Template {
            text: environment.collect::<Vec<_>>().join("\n"),
            ..builtin.clone()
        };
        let missing = names(&builtin_lines)
            .into_iter()
            .filter(|name| !set.contains(name));
        unset.extend(missing.map(|name| (builtin.service, name)));
    }
    unset
}

/// The variable that our template of a service puts unchanged into this variable of its container.
pub fn variable_of(service: Service, name: &str) -> Option<&'static str> {
    let template = builtin_templates()
        .into_iter()
        .find(|one| one.service == service)?;
    template.text.lines().find_map(|line| {
        let (before, value) = line.split_once('=')?;
        let own = before.rsplit(' ').next() == Some(name);
        let placeholder = value.strip_prefix("{{")?.strip_suffix("}}")?;
        Some(variable(placeholder).filter(|_| own)?.name)
    })
}

/// Renders every template, or returns every fault.
pub fn render(templates: &[Template], values: &Values) -> Result<Vec<Rendered>, Vec<RenderFault>> {
    let (mut done, mut faults) = (Vec::new(), Vec::new());
    for template in templates {
        match Renderer::new(template, values).run() {
            Ok(rendered) => done.push(rendered),
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() {
        Ok(done)
    } else {
        Err(faults)
    }
}

struct Renderer<'a> {
    template: &'a Template,
    values: &'a Values,
    version: Option<VersionNumbers>,
    faults: Vec<RenderFault>,
    /// The output, line by line.
    lines: Vec<Line>,
    /// The value of each token.
    tokens: Vec<(String, String)>,
    secret_keys: Vec<String>,
    used: Vec<String>,
}

/// A line of the output.
struct Line {
    /// Its number in the template, from 1.
    number: usize,
    /// The template's own line, with a token for each placeholder.
    probe: String,
    /// The line with its values.
    out: String,
}

/// A part of a scalar.
enum Piece<'a> {
    Own(&'a str),
    Name(&'a str),
}

impl<'a> Renderer<'a> {
    fn new(template: &'a Template, values: &'a Values) -> Self {
        Self {
            template,
            values,
            version: version_of(values.version()),
            faults: Vec::new(),
            lines: Vec::new(),
            tokens: Vec::new(),
            secret_keys: Vec::new(),
            used: Vec::new(),
        }
    }

    fn run(mut self) -> Result<Rendered, Vec<RenderFault>> {
        let text = self.template.text.strip_prefix('\u{feff}');
        let text = text.unwrap_or(&self.template.text);
        for (line, content) in (1..).zip(text.lines()) {
            if let Some(content) = of_version(content, self.version) {
                self.line(line, &content);
            }
        }
        if self.faults.is_empty() {
            self.verify();
        }
        if !self.faults.is_empty() {
            return Err(self.faults);
        }
        self.used.sort();
        self.used.dedup();
        self.secret_keys.sort();
        self.secret_keys.dedup();
        Ok(Rendered {
            service: self.template.service,
            text: joined(&self.lines, |line| &line.out),
            secret_keys: self.secret_keys,
            used: self.used,
        })
    }

    fn line(&mut self, number: usize, content: &str) {
        let as_it_is = content.to_owned();
        if content.trim_start().starts_with('#') || !content.contains("{{") {
            self.lines.push(Line {
                number,
                probe: as_it_is.clone(),
                out: as_it_is,
            });
            return;
        }
        let Some(scalar) = scalar_line(content).filter(|scalar| !scalar.before.contains("{{"))
        else {
            self.fault(number, RenderFaultKind::Unsafe);
            return;
        };
        let Some(pieces) = pieces(scalar.inner) else {
            self.fault(number, RenderFaultKind::OpenBraces);
            return;
        };
        let (mut out, mut probe) = (format!("{}\"", scalar.before), scalar.before.to_owned());
        let quote = &content[scalar.before.len()..];
        let quote = match scalar.quote {
            Quote::Plain => "",
            Quote::Single | Quote::Double => &quote[..1],
        };
        probe.push_str(quote);
        let mut key = "";
        for piece in pieces {
            match piece {
                Piece::Own(text) => {
                    own_part(scalar.quote, text, &mut out);
                    probe.push_str(text);
                    key = text;
                }
                Piece::Name(name) => match self.value(name, key, scalar.before) {
                    Some(value) => {
                        value_part(&value, &mut out);
                        let token = format!("Q{}wecubectlQ", self.tokens.len());
                        probe.push_str(&token);
                        self.tokens.push((token, value.replace('$', "$$")));
                    }
                    None => self.fault(number, RenderFaultKind::Leftover { name: name.into() }),
                },
            }
        }
        out.push('"');
        out.push_str(scalar.behind);
        probe.push_str(quote);
        probe.push_str(scalar.behind);
        self.lines.push(Line { number, probe, out });
    }

    /// The value of a placeholder. Records its use, and the text before a secret.
    fn value(&mut self, name: &str, key: &str, before: &str) -> Option<String> {
        let value = value_of(name, self.values)?;
        let is_secret = match variable(name) {
            Some(known) => known.secret,
            // A variable of the operator's own may hold a secret.
            None => self.values.file().assigned(name).is_some(),
        };
        if is_secret {
            let word = if key.is_empty() { before } else { key };
            let word = word.trim().trim_start_matches("- ").to_owned();
            self.secret_keys.push(word);
        }
        self.used.push(name.to_owned());
        Some(value)
    }

    fn fault(&mut self, line: usize, kind: RenderFaultKind) {
        self.faults.push(RenderFault {
            origin: self.template.origin.clone(),
            line,
            kind,
        });
    }

    /// Reads the output back: it must be the template's tree with values in place of placeholders.
    fn verify(&mut self) {
        let wanted = match read(&joined(&self.lines, |line| &line.probe)) {
            Ok(tree) => self.with_values(tree),
            Err(error) => {
                // The probe holds no value, so the parser's message may be shown.
                let at = error
                    .location()
                    .and_then(|place| usize::try_from(place.line()).ok())
                    .unwrap_or(1);
                let number = self.lines.get(at.saturating_sub(1));
                let number = number.map_or(at, |line| line.number);
                let said = error.to_string();
                let said = said.lines().next().unwrap_or_default().to_owned();
                return self.fault(number, RenderFaultKind::NotYaml { said });
            }
        };
        let out = joined(&self.lines, |line| &line.out);
        if read(&out).is_ok_and(|tree| tree == wanted) {
            return;
        }
        let proven = |text: &str| read(text).is_ok_and(|tree| self.with_values(tree) == wanted);
        // The first line that alone makes the difference.
        let faulty = self.lines.iter().find(|faulty| {
            let one = |line: &'_ Line| line.number == faulty.number;
            !proven(&joined(&self.lines, |line| {
                if one(line) { &line.out } else { &line.probe }
            }))
        });
        let number = faulty.map_or(1, |line| line.number);
        self.fault(number, RenderFaultKind::Unsafe);
    }

    fn with_values(&self, tree: Value) -> Value {
        match tree {
            Value::String(text) if text.contains("wecubectlQ") => {
                // In one pass: a value may hold what looks like a token.
                let mut out = String::new();
                let mut rest = text.as_str();
                'scan: while !rest.is_empty() {
                    for (token, value) in &self.tokens {
                        if let Some(behind) = rest.strip_prefix(token.as_str()) {
                            out.push_str(value);
                            rest = behind;
                            continue 'scan;
                        }
                    }
                    let letter = rest.chars().next().unwrap_or_default();
                    out.push(letter);
                    rest = &rest[letter.len_utf8()..];
                }
                Value::String(out)
            }
            Value::Array(items) => Value::Array(
                items
                    .into_iter()
                    .map(|item| self.with_values(item))
                    .collect(),
            ),
            Value::Object(items) => Value::Object(
                items
                    .into_iter()
                    .map(|(key, item)| (key, self.with_values(item)))
                    .collect(),
            ),
            other => other,
        }
    }
}

/// The line without its `#since` mark; `None` if this version does not have it. A version that cannot
/// be read has all of them.
fn of_version(line: &str, version: Option<VersionNumbers>) -> Option<Cow<'_, str>> {
    let bare = line.trim_start();
    let Some(rest) = bare.strip_prefix("#since ") else {
        return Some(Cow::Borrowed(line));
    };
    let (since, rest) = rest.split_once(' ')?;
    let since = version_of(since)?;
    let indent = &line[..line.len() - bare.len()];
    version
        .is_none_or(|version| version >= since)
        .then(|| Cow::Owned(format!("{indent}{rest}")))
}

fn read(text: &str) -> Result<Value, serde_saphyr::Error> {
    serde_saphyr::from_str(text)
}

fn joined<'l>(lines: &'l [Line], part: impl Fn(&'l Line) -> &'l String) -> String {
    let mut text = String::new();
    for line in lines {
        text.push_str(part(line));
        text.push('\n');
    }
    text
}

/// The texts and placeholder names of a scalar; `None` if braces stay open.
fn pieces(inner: &str) -> Option<Vec<Piece<'_>>> {
    let mut found = Vec::new();
    let mut rest = inner;
    while let Some(open) = rest.find("{{") {
        if open > 0 {
            found.push(Piece::Own(&rest[..open]));
        }
        let close = rest[open..].find("}}")? + open;
        found.push(Piece::Name(rest[open + 2..close].trim()));
        rest = &rest[close + 2..];
    }
    if !rest.is_empty() {
        found.push(Piece::Own(rest));
    }
    Some(found)
}

/// The value of a placeholder: a variable, or a value made of several.
fn value_of(name: &str, values: &Values) -> Option<String> {
    let certs = |service: Service| {
        let file = values.string("WECUBE_PRIVATE_KEY");
        // A path to a directory would be a warning at every start.
        let path = format!("/app/{service}/config/certs/{file}");
        if file.is_empty() { String::new() } else { path }
    };
    let gateway = || {
        let address = values.address(Service::Gateway).into_owned();
        let (host, port) = address.rsplit_once(':')?;
        Some((host.to_owned(), port.to_owned()))
    };
    match name {
        "auth_image" => Some(values.image(Service::Auth)),
        "core_image" => Some(values.image(Service::Core)),
        "gateway_image" => Some(values.image(Service::Gateway)),
        "portal_image" => Some(values.image(Service::Portal)),
        "auth_private_key_path" => Some(certs(Service::Auth)),
        "core_private_key_path" => Some(certs(Service::Core)),
        "ui_resources" => Some(values.ui_resources().display().to_string()),
        "gateway_address_host" => Some(gateway()?.0),
        "gateway_address_port" => Some(gateway()?.1),
        // They stand before a port.
        "auth_host" | "core_host" | "gateway_host" | "portal_host" | "s3_host" => {
            Some(in_brackets(&values.text(name)?))
        }
        "host_wecube_username"
        | "host_wecube_password"
        | "static_resource_server_port"
        | "static_resource_server_path" => {
            values.text(name)?;
            Some(values.list(name).join(","))
        }
        _ => match values.text(name) {
            Some(value) => Some(value.into_owned()),
            // A variable of the operator's own templates may be empty.
            None if variable(name).is_none() => {
                Some(values.file().assigned(name)?.expose().to_owned())
            }
            None => None,
        },
    }
}

#[cfg(test)]
mod tests;
