//! A portal: nginx with the plugins' pages on its disk, and everything else passed on to the
//! gateway (`docs/platform/portal.md#static-files`; recordings `portal-*.json`).

use super::disk::DiskFile;
use super::faults::Kind;
use super::gateway;
use super::ids::http_date_of;
use super::shared::Shared;
use super::state::WorldState;
use super::wire::{Answer, Request, SideName};

/// As recorded.
const SERVER: &str = "nginx/1.22.1";

/// What nginx keeps for itself: prefixes without a trailing slash, as in the template.
const OWN: [&str; 6] = ["/css", "/fonts", "/img", "/js", "/manual", "/ui-resources"];

/// Answers a request that came to a portal.
pub(super) async fn answer(shared: &Shared, request: &Request) -> Answer {
    let path = request.path.as_str();
    let own = path == "/" || path == "/index.html" || OWN.iter().any(|own| path.starts_with(own));
    if own {
        return own_file(shared, request).header("Server", SERVER);
    }
    let is_register = request.method == "POST" && path.contains("/packages/register/");
    if is_register
        && shared
            .state()
            .faults
            .strike(request.side, Kind::Portal504, "")
    {
        let (shared, request) = (shared.clone(), request.clone());
        tokio::spawn(async move { drop(gateway::answer(&shared, &request).await) });
        return page(504, "Gateway Time-out").header("Server", SERVER);
    }
    gateway::answer(shared, request)
        .await
        .header("Server", SERVER)
}

fn own_file(shared: &Shared, request: &Request) -> Answer {
    if !matches!(request.method.as_str(), "GET" | "HEAD") {
        return page(405, "Not Allowed");
    }
    let path = request.path.as_str();
    if matches!(path, "/" | "/index.html") {
        let body = "<!DOCTYPE html><html><head><title>WeCube</title></head></html>";
        return head_or_body(request, Answer::html(200, body));
    }
    let state = shared.state();
    let side = state.side(request.side);
    let Some(file) = side.file(request.portal, path) else {
        if path.rsplit('.').next() == Some("js") && state.faults.has(request.side, Kind::AnyFile) {
            let any = Answer::new(200, content_type(path), "any();");
            return head_or_body(request, any);
        }
        let directory = side
            .disks
            .get(request.portal)
            .is_some_and(|disk| disk.has_directory(path));
        let answer = if directory {
            page(403, "Forbidden")
        } else {
            page(404, "Not Found")
        };
        return head_or_body(request, answer);
    };
    let plugin = path.split('/').nth(2).unwrap_or_default();
    if request.method == "GET" && state.faults.hits(request.side, Kind::HeadOnly, plugin) {
        return page(404, "Not Found");
    }
    unless_known(
        request,
        head_or_body(request, served(&state, request.side, path, file)),
    )
}

/// nginx leaves the body and what describes it out where the client has the file under that tag
/// (`ngx_http_not_modified_filter_module`).
fn unless_known(request: &Request, answer: Answer) -> Answer {
    let tag = answer.headers.iter().find(|(name, _)| name == "ETag");
    match (tag, &request.if_none_match) {
        (Some((_, tag)), Some(known)) if answer.status == 200 && tag == known => {
            let tag = tag.clone();
            Answer::new(304, "", Vec::new())
                .without_header("Content-Type")
                .header("ETag", &tag)
        }
        _ => answer,
    }
}

/// A file as nginx gives it out, or as a fault spoils it.
fn served(state: &WorldState, side: SideName, path: &str, file: &DiskFile) -> Answer {
    let plugin = path.split('/').nth(2).unwrap_or_default();
    let script = path.contains(".js") || path.contains(".css");
    let has = |kind| script && state.faults.hits(side, kind, plugin);
    if has(Kind::HtmlScript) {
        let body = "<!DOCTYPE html><html><body>Service unavailable</body></html>";
        return Answer::html(200, body);
    }
    if has(Kind::Portal502) {
        return page(502, "Bad Gateway");
    }
    if let Some(fault) = state.faults.find(side, Kind::PortalStatus, plugin)
        && script
    {
        return page(u16::try_from(fault.number).unwrap_or(500), "Fault");
    }
    if has(Kind::ForbiddenFile) || !file.readable {
        return page(403, "Forbidden");
    }
    let mut file = file.clone();
    if has(Kind::EmptyFile) {
        file.body.clear();
    }
    let etag = file.etag();
    Answer::new(200, content_type(path), file.body)
        .header("Last-Modified", &http_date_of(file.modified_s))
        .header("ETag", &etag)
        .header("Accept-Ranges", "bytes")
}

/// By the last extension, from nginx's `mime.types`.
fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("js") => "application/javascript",
        Some("css") => "text/css",
        Some("html") => "text/html",
        Some("png") => "image/png",
        Some("json") => "application/json",
        Some("zip") => "application/zip",
        _ => "application/octet-stream",
    }
}

/// nginx's own page for a status.
fn page(status: u16, reason: &str) -> Answer {
    let body = format!(
        "<html>\r\n<head><title>{status} {reason}</title></head>\r\n<body>\r\n<center><h1>{status} {reason}</h1></center>\r\n<hr><center>{SERVER}</center>\r\n</body>\r\n</html>\r\n"
    );
    Answer::html(status, &body)
}

/// A HEAD announces the length and sends nothing.
fn head_or_body(request: &Request, answer: Answer) -> Answer {
    if request.method != "HEAD" {
        return answer;
    }
    Answer {
        head_length: Some(answer.body.len() as u64),
        body: Vec::new(),
        ..answer
    }
}
