//! TLS: a server is trusted by its certificate, or not at all.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use wijkboek_client::{Config, Wijkboek, WijkboekError};

use crate::office::Office;
use crate::people;

/// An authority in PEM, and a server for 127.0.0.1 that it vouches for.
fn authority() -> (Vec<u8>, rustls::ServerConfig) {
    let mut params = CertificateParams::new(Vec::new()).expect("no names");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    let authority = CertifiedIssuer::self_signed(params, key).expect("an authority");

    let leaf = KeyPair::generate().expect("a key");
    let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).expect("an address");
    let certificate = params.signed_by(&leaf, &authority).expect("a certificate");
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(leaf.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let server = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .expect("a server");
    (authority.pem().into_bytes(), server)
}

#[test]
fn only_a_known_authority_is_trusted() {
    let folder = tempfile::tempdir().expect("a folder");
    let (pem, server) = authority();
    let office = Office::open_with_tls(server);
    office.invite("CODE", people::fatima());
    let url = format!("https://{}", office.address);

    let stranger = people::open(&folder.path().join("stranger.db"));
    let refused = stranger.enrol(&url, "CODE", "toestel 1");
    assert_eq!(refused, Err(WijkboekError::Offline));
    let (other_pem, _) = authority();
    let config = Config { extra_ca_pem: Some(other_pem), ..people::config() };
    let deceived = Wijkboek::open_with(&folder.path().join("deceived.db"), config);
    let refused = deceived.expect("the logbook opens").enrol(&url, "CODE", "toestel 1");
    assert_eq!(refused, Err(WijkboekError::Offline));

    let config = Config { extra_ca_pem: Some(pem), ..people::config() };
    let book = Wijkboek::open_with(&folder.path().join("book.db"), config);
    let book = book.expect("the logbook opens");
    book.enrol(&url, "CODE", "toestel 1").expect("enrolled");
    book.create(people::contact("x")).expect("logged");
    assert_eq!(book.sync().expect("a round").pushed, 1);
}
