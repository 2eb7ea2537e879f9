//! The binary: admin commands beside a running server, on a real socket.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use serde_json::Value;
use wijkboek_model::InstallId;
use wijkboek_sync::{
    CONTENT_TYPE, EnrolRequest, EnrolResponse, PushChange, PushDocument, PushRequest, from_body,
    to_body,
};

use crate::hostile::samples;
use crate::support::record_id;

fn data(file: &str) -> String {
    format!("{}/../data/{file}", env!("CARGO_MANIFEST_DIR"))
}

fn command(dir: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_wijkboek-server"))
        .arg("--data")
        .arg(dir)
        .arg("--json")
        .args(arguments)
        .output()
        .expect("the binary runs")
}

fn succeed(dir: &Path, arguments: &[&str]) -> Value {
    let output = command(dir, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("one JSON object")
}

/// Fails with one clear line on standard error, which this gives.
fn fail(dir: &Path, arguments: &[&str]) -> String {
    let output = command(dir, arguments);
    assert!(!output.status.success(), "{arguments:?}");
    assert!(output.stdout.is_empty(), "{arguments:?}");
    let line = String::from_utf8(output.stderr).expect("text");
    assert_eq!(line.trim_end().lines().count(), 1, "{line}");
    line
}

fn import(dir: &Path) -> Value {
    let (areas, teams) = (data("ridderkerk/wijken.geojson"), data("ridderkerk/wijken-teams.csv"));
    let (people, themes) = (data("ridderkerk/kerncijfers.csv"), data("ridderkerk/themas.json"));
    succeed(
        dir,
        &[
            "areas",
            "import",
            &areas,
            "--teams",
            &teams,
            "--inhabitants",
            &people,
            "--themes",
            &themes,
        ],
    )
}

/// A running server; killed when dropped.
struct Server {
    child: Child,
    out: BufReader<ChildStdout>,
    address: String,
}

impl Server {
    fn start(dir: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_wijkboek-server"))
            .arg("--data")
            .arg(dir)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary runs");
        let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut line = String::new();
        out.read_line(&mut line).expect("a line");
        let address = line.trim_end().strip_prefix("Wijkboek luistert op http://");
        let address = address.expect("the address").to_owned();
        Self { child, out, address }
    }

    /// One request; gives status and body.
    fn request(&self, method: &str, path: &str, token: &str, body: &[u8]) -> (u16, Vec<u8>) {
        let mut socket = TcpStream::connect(&self.address).expect("connected");
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\nwijkboek-protocol: 1\r\n\
             content-type: {CONTENT_TYPE}\r\nauthorization: Bearer {token}\r\n\
             content-length: {}\r\n\r\n",
            self.address,
            body.len()
        );
        socket.write_all(head.as_bytes()).expect("sent");
        socket.write_all(body).expect("sent");
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).expect("answered");
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n").expect("a head");
        let head = String::from_utf8_lossy(&answer[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        (status.expect("a status"), answer[end + 4..].to_vec())
    }

    fn enrol(&self, code: &str, install: u8) -> EnrolResponse {
        let request = EnrolRequest {
            code: code.to_owned(),
            install: InstallId::new([install; 12]),
            device_name: "toestel".to_owned(),
        };
        let (status, body) = self.request("POST", "/v1/enrolments", "", &to_body(&request));
        assert_eq!(status, 201);
        from_body(&body, usize::MAX).expect("an enrolment")
    }

    /// Asks the server to stop and checks that it ends cleanly.
    fn stop(mut self) {
        let id = self.child.id().to_string();
        let killed = Command::new("kill").args(["-TERM", &id]).status().expect("kill runs");
        assert!(killed.success());
        assert!(self.child.wait().expect("it ends").success());
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).expect("the rest");
        assert_eq!(rest, "", "nothing but the address on standard output");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn admin_commands_work_beside_a_running_server() {
    let dir = tempfile::tempdir().expect("a directory");
    let dir = dir.path();
    assert!(import(dir)["areas"].as_u64().is_some_and(|areas| areas > 12));
    let server = Server::start(dir);
    let slikkerveer =
        ["user", "add", "--name", "Anna", "--role", "wijkregisseur", "--wijk", "WK059706"];
    let id = succeed(dir, &slikkerveer)["id"].as_str().expect("an id").to_owned();
    let code = succeed(dir, &["invite", &id])["code"].as_str().expect("a code").to_owned();
    let anna = server.enrol(&code, 1);
    assert_eq!(anna.me.name, "Anna");
    assert_eq!(anna.municipality.as_str(), "GM0597");

    let (status, body) = server.request("GET", "/v1/reference", &anna.token, b"");
    assert_eq!(status, 200);
    let reference: Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!(reference["colleagues"][0]["name"], "Anna");
    let version = reference["version"].as_u64().expect("a version");

    succeed(dir, &["user", "add", "--name", "Carla", "--role", "medewerker"]);
    let (_, body) = server.request("GET", "/v1/reference", &anna.token, b"");
    let reference: Value = serde_json::from_slice(&body).expect("JSON");
    assert!(reference["version"].as_u64().expect("a version") > version);
    assert_eq!(reference["colleagues"].as_array().map(Vec::len), Some(2));

    let login = succeed(dir, &["user", "login", "carla"]);
    assert!(login["path"].as_str().is_some_and(|path| path.starts_with("/aanmelden?code=")));
    let scope = succeed(dir, &["user", "scope", &id, "--wijk", "WK059708"]);
    assert_eq!(scope["wijken"][0], "WK059708");
    assert_eq!(succeed(dir, &["user", "list"])["users"].as_array().map(Vec::len), Some(2));
    assert_eq!(succeed(dir, &["status"])["devices"], 1);
    assert_eq!(succeed(dir, &["rebuild"])["repaired"].as_array().map(Vec::len), Some(0));

    let archive = dir.join("uitvoer.zip");
    let name = archive.to_str().expect("UTF-8");
    assert_eq!(succeed(dir, &["export", name])["unreadable"], 0);
    let bytes = std::fs::read(&archive).expect("written");
    assert!(bytes.starts_with(b"PK") && bytes.windows(13).any(|w| w == b"manifest.json"));
    assert!(!dir.join("uitvoer.zip.part").exists());
    assert!(fail(dir, &["export", name]).contains("uitvoer.zip"), "it is not written over");
    assert_eq!(std::fs::read(&archive).expect("still there"), bytes);

    let device = succeed(dir, &["device", "list"])["devices"][0]["id"].clone();
    succeed(dir, &["device", "revoke", device.as_str().expect("an id")]);
    assert_eq!(server.request("GET", "/v1/reference", &anna.token, b"").0, 401);
    assert!(fail(dir, &["serve", "--listen", "127.0.0.1:0"]).contains("already serves"));
    server.stop();
    Server::start(dir).stop();
}

#[test]
fn what_is_wrong_is_said_on_one_line_and_changes_nothing() {
    let dir = tempfile::tempdir().expect("a directory");
    let dir = dir.path();
    assert!(fail(dir, &["user", "list"]).contains("--municipality"));
    import(dir);
    succeed(
        dir,
        &["user", "add", "--name", "Anna", "--role", "wijkregisseur", "--wijk", "WK059706"],
    );
    let before = succeed(dir, &["status"]);

    let good = std::fs::read_to_string(data("ridderkerk/wijken.geojson")).expect("the areas");
    let half = &good[..good.len() / 2];
    let broken: [(&str, &str); 4] = [
        ("half.geojson", half),
        ("empty.geojson", ""),
        ("other.geojson", "{\"type\":\"FeatureCollection\",\"features\":[]}"),
        ("binary.geojson", "\u{0}\u{1}"),
    ];
    for (name, text) in broken {
        let path = dir.join(name);
        std::fs::write(&path, text).expect("written");
        let line = fail(dir, &["areas", "import", &path.to_string_lossy()]);
        assert!(line.contains(name), "{line}");
    }
    let areas = data("ridderkerk/wijken.geojson");
    let swapped = data("ridderkerk/kerncijfers.csv");
    assert!(fail(dir, &["areas", "import", &areas, "--teams", &swapped]).contains("kerncijfers"));
    assert!(fail(dir, &["areas", "import", &areas, "--themes", &areas]).contains("wijken.geojson"));
    fail(dir, &["areas", "import", "/nergens/gebieden.geojson"]);
    fail(dir, &["--municipality", "GM0505", "areas", "import", &areas]);
    fail(dir, &["user", "add", "--name", "anna", "--role", "medewerker"]);
    fail(dir, &["user", "add", "--name", "Bram", "--role", "wijkregisseur"]);
    fail(dir, &["user", "add", "--name", "Bram", "--role", "wijkregisseur", "--wijk", "WK059799"]);
    fail(dir, &["invite", "Niemand"]);
    assert_eq!(succeed(dir, &["status"]), before);
}

#[test]
fn hostile_changes_cost_a_bounded_amount_of_memory() {
    let dir = tempfile::tempdir().expect("a directory");
    let dir = dir.path();
    import(dir);
    succeed(
        dir,
        &["user", "add", "--name", "Anna", "--role", "wijkregisseur", "--wijk", "WK059706"],
    );
    let code = succeed(dir, &["invite", "Anna"])["code"].as_str().expect("a code").to_owned();
    let server = Server::start(dir);
    let token = server.enrol(&code, 1).token;
    for (counter, (name, sample)) in (1..).zip(samples()) {
        let changes = vec![PushChange { hash: sample.hash, bytes: sample.bytes }];
        let documents = vec![PushDocument { id: record_id(1), changes }];
        let request = PushRequest { counter, acknowledged: None, documents };
        let (status, _) = server.request("POST", "/v1/push", &token, &to_body(&request));
        assert_eq!(status, 200, "{name}");
    }
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.child.id()));
    if let Ok(status) = status {
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|peak| peak.trim().strip_suffix(" kB")).expect("a peak");
        let peak: u64 = peak.trim().parse().expect("a number");
        assert!(peak < 256 * 1_024, "{peak} kB at most");
    }
    server.stop();
}
