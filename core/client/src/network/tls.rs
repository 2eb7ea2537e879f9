//! Whom the transport trusts: the device's own certificates, and one more authority if configured.
//!
//! On Apple's systems the platform judges. Elsewhere the certificates are read from where the
//! system keeps them; on Android too, since its verifier needs the app's Java context, which the
//! core does not have.

use reqwest::ClientBuilder;

/// No TLS at all, and so nothing to read.
pub(super) fn none(builder: ClientBuilder) -> ClientBuilder {
    with_roots(builder, rustls::RootCertStore::empty())
}

/// Sets up TLS. A certificate that cannot be read is left out: it then verifies nothing.
#[cfg(not(target_vendor = "apple"))]
pub(super) fn trust(builder: ClientBuilder, extra_ca_pem: Option<&[u8]>) -> ClientBuilder {
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject;

    let mut roots = rustls::RootCertStore::empty();
    let (_, unreadable) = roots.add_parsable_certificates(system_certificates());
    if unreadable > 0 {
        tracing::debug!(unreadable, "some of the system's certificates cannot be used");
    }
    if let Some(pem) = extra_ca_pem {
        let extra = CertificateDer::pem_slice_iter(pem).filter_map(Result::ok);
        roots.add_parsable_certificates(extra);
    }
    with_roots(builder, roots)
}

/// Sets up TLS.
#[cfg(target_vendor = "apple")]
pub(super) fn trust(builder: ClientBuilder, extra_ca_pem: Option<&[u8]>) -> ClientBuilder {
    // An error means that another part of the app has installed one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let extra = extra_ca_pem
        .and_then(|pem| reqwest::Certificate::from_pem_bundle(pem).ok())
        .unwrap_or_default();
    builder.tls_certs_merge(extra)
}

/// Names the provider itself: without one reqwest panics, plain HTTP or not.
fn with_roots(builder: ClientBuilder, roots: rustls::RootCertStore) -> ClientBuilder {
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let versions =
        rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    match versions {
        Ok(config) => builder
            .tls_backend_preconfigured(config.with_root_certificates(roots).with_no_client_auth()),
        Err(_) => unreachable!("ring speaks both TLS 1.2 and 1.3"),
    }
}

#[cfg(not(any(target_vendor = "apple", target_os = "android")))]
fn system_certificates() -> Vec<rustls::pki_types::CertificateDer<'static>> {
    rustls_native_certs::load_native_certs().certs
}

#[cfg(target_os = "android")]
fn system_certificates() -> Vec<rustls::pki_types::CertificateDer<'static>> {
    // Android 14 moved them; the old folder remains on devices that were upgraded.
    ["/apex/com.android.conscrypt/cacerts", "/system/etc/security/cacerts"]
        .into_iter()
        .map(std::path::Path::new)
        .find(|folder| folder.is_dir())
        .map(|folder| rustls_native_certs::load_certs_from_paths(None, Some(folder)).certs)
        .unwrap_or_default()
}
