//! Who may import whom: the table in `docs/ARCHITECTURE.md`, held against `cargo metadata`.
//!
//! An arrow between our own crates counts whatever it is for, tests and build scripts included.
//! Of other people's crates, some may not be named by a crate, and some may not even be reached
//! through others; a crate's tests may use what they like of those.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Node, Package, PackageId};

/// What one of our crates may import.
struct Layer {
    name: &'static str,
    /// Our own crates that it may use.
    uses: &'static [&'static str],
    /// Other people's crates that it does not name in its manifest.
    never_names: &'static [&'static str],
    /// Other people's crates that do not end up in it, however far down.
    never_reaches: &'static [&'static str],
}

const MODEL: &str = "wijkboek-model";
const CRDT: &str = "wijkboek-crdt";
const SYNC: &str = "wijkboek-sync";
const STORE: &str = "wijkboek-store";
const CLIENT: &str = "wijkboek-client";
const BINDINGS: &str = "wijkboek-bindings";
const BINDGEN: &str = "wijkboek-bindgen";
const SERVER: &str = "wijkboek-server";
const TESTS: &str = "wijkboek-tests";

const RANDOM: &[&str] = &["rand", "rand_core", "getrandom", "fastrand"];
const PURE: &[&str] = &["tokio", "rusqlite", "libsqlite3-sys", "reqwest", "hyper", "axum", "mio"];

const LAYERS: &[Layer] = &[
    Layer { name: MODEL, uses: &[], never_names: RANDOM, never_reaches: PURE },
    Layer { name: CRDT, uses: &[MODEL], never_names: RANDOM, never_reaches: PURE },
    Layer { name: SYNC, uses: &[MODEL, CRDT], never_names: RANDOM, never_reaches: PURE },
    Layer {
        name: STORE,
        uses: &[MODEL, CRDT],
        never_names: RANDOM,
        never_reaches: &["tokio", "reqwest", "hyper", "axum"],
    },
    Layer {
        name: CLIENT,
        uses: &[MODEL, CRDT, SYNC, STORE],
        never_names: &["rusqlite", "automerge"],
        never_reaches: &["uniffi", "axum"],
    },
    Layer {
        name: BINDINGS,
        uses: &[MODEL, CLIENT],
        never_names: &["rusqlite", "libsqlite3-sys", "automerge", "reqwest"],
        never_reaches: &["axum"],
    },
    Layer { name: BINDGEN, uses: &[], never_names: PURE, never_reaches: &[] },
    Layer {
        name: SERVER,
        uses: &[MODEL, CRDT, SYNC, STORE],
        never_names: &["automerge"],
        never_reaches: &["uniffi"],
    },
    Layer {
        name: TESTS,
        uses: &[MODEL, CRDT, SYNC, STORE, CLIENT, BINDINGS, SERVER],
        never_names: &[],
        never_reaches: &[],
    },
];

/// Nobody links a TLS or cryptography library that needs cmake or the system's OpenSSL.
const NOBODY_REACHES: &[&str] = &["openssl-sys", "native-tls", "aws-lc-sys"];

/// The arrows that the table forbids, in the order of the crates.
fn forbidden_arrows(metadata: &Metadata) -> Vec<String> {
    let mut packages = metadata.workspace_packages();
    packages.sort_by(|a, b| a.name.cmp(&b.name));
    let ours: BTreeSet<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    let graph = Graph::of(metadata);
    let mut forbidden = Vec::new();
    for package in packages {
        let name = package.name.as_str();
        let Some(layer) = LAYERS.iter().find(|layer| layer.name == name) else {
            forbidden.push(format!("{name} has no place in the table"));
            continue;
        };
        let mut arrows: BTreeSet<String> = BTreeSet::new();
        for dependency in &package.dependencies {
            let (other, for_tests) =
                (dependency.name.as_str(), dependency.kind == DependencyKind::Development);
            // A crate may name itself, to test itself with a feature on.
            if ours.contains(other) && other != name && !layer.uses.contains(&other) {
                arrows.insert(format!("{name} uses {other}"));
            }
            if layer.never_names.contains(&other) && !for_tests {
                arrows.insert(format!("{name} names {other}"));
            }
        }
        forbidden.extend(arrows);
        for reached in graph.reached(&package.id) {
            if layer.never_reaches.contains(&reached) || NOBODY_REACHES.contains(&reached) {
                forbidden.push(format!("{name} reaches {reached}"));
            }
        }
    }
    forbidden
}

/// What ends up in what: the resolved graph without test and build dependencies.
struct Graph<'a> {
    nodes: BTreeMap<&'a PackageId, &'a Node>,
    packages: BTreeMap<&'a PackageId, &'a Package>,
}

impl<'a> Graph<'a> {
    fn of(metadata: &'a Metadata) -> Self {
        let resolve = metadata.resolve.as_ref().expect("cargo metadata was asked for the graph");
        Self {
            nodes: resolve.nodes.iter().map(|node| (&node.id, node)).collect(),
            packages: metadata.packages.iter().map(|package| (&package.id, package)).collect(),
        }
    }

    /// The names of all packages that are linked into this one.
    fn reached(&self, from: &'a PackageId) -> BTreeSet<&'a str> {
        let mut seen: BTreeSet<&PackageId> = BTreeSet::new();
        let mut open = vec![from];
        while let Some(id) = open.pop() {
            let linked = self.nodes[id].deps.iter().filter(|dependency| {
                dependency.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal)
            });
            open.extend(linked.map(|dependency| &dependency.pkg).filter(|id| seen.insert(id)));
        }
        seen.into_iter().map(|id| self.packages[id].name.as_str()).collect()
    }
}

fn fixture(text: &str) -> Metadata {
    serde_json::from_str(text).expect("what cargo metadata writes")
}

#[test]
fn the_workspace_keeps_to_the_table() {
    // One platform, so that nothing has to be fetched that a build here does not fetch; what a
    // manifest names is seen for every platform all the same.
    let metadata = MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml"))
        .other_options(vec!["--filter-platform".to_owned(), "x86_64-unknown-linux-gnu".to_owned()])
        .exec()
        .expect("cargo metadata of this workspace");
    assert_eq!(forbidden_arrows(&metadata), Vec::<String>::new());
    let ours: BTreeSet<String> =
        metadata.workspace_packages().iter().map(|package| package.name.to_string()).collect();
    let table: BTreeSet<String> = LAYERS.iter().map(|layer| layer.name.to_owned()).collect();
    assert_eq!(ours, table, "each crate has its row, each row its crate");
}

#[test]
fn forbidden_arrows_are_found() {
    let metadata = fixture(include_str!("../fixtures/forbidden-arrows.json"));
    assert_eq!(
        forbidden_arrows(&metadata),
        [
            "wijkboek-bindings names rusqlite",
            "wijkboek-model uses wijkboek-store",
            "wijkboek-model reaches libsqlite3-sys",
            "wijkboek-model reaches rusqlite",
            "wijkboek-sync names rand",
            "wijkboek-sync reaches tokio",
            "wijkboek-utils has no place in the table",
        ]
    );
}

#[test]
fn allowed_arrows_are_left_alone() {
    let metadata = fixture(include_str!("../fixtures/allowed-arrows.json"));
    assert!(!metadata.workspace_packages().is_empty());
    assert_eq!(forbidden_arrows(&metadata), Vec::<String>::new());
}
