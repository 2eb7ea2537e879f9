//! The foreign surface, written down: a change of it is a change for both apps, so it must be seen.
//!
//! Read from the metadata in the built library, as the generators do, and independent of what a
//! generator makes of it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use uniffi_bindgen::macro_metadata::extract_from_library;
use uniffi_meta::{EnumShape, FieldMetadata, FnParamMetadata, Metadata, Type};

#[test]
fn the_surface_is_as_written_down() {
    let deps = std::env::current_exe().expect("a test is a program");
    let name = format!(
        "{}wijkboek_bindings{}",
        std::env::consts::DLL_PREFIX,
        std::env::consts::DLL_SUFFIX
    );
    let library = deps.with_file_name(name);
    let path = library.to_str().expect("a build folder has a readable name");
    let items = extract_from_library(path.into()).expect("cargo built the library for this test");
    insta::assert_snapshot!(render(items));
}

/// One paragraph per type, sorted; methods in the order of their names.
fn render(items: Vec<Metadata>) -> String {
    let mut paragraphs: BTreeMap<String, (&str, Vec<String>)> = BTreeMap::new();
    let mut add = |of: &str, line: String| {
        paragraphs.entry(of.to_owned()).or_default().1.push(line);
    };
    let mut heads = Vec::new();
    for item in items {
        match item {
            Metadata::Namespace(_)
            | Metadata::UdlFile(_)
            | Metadata::CustomType(_)
            | Metadata::UniffiTrait(_)
            | Metadata::ObjectTraitImpl(_) => {}
            Metadata::Func(f) => add(
                "",
                call(f.is_async, &f.name, &f.inputs, f.return_type.as_ref(), f.throws.as_ref()),
            ),
            Metadata::Object(o) => heads.push((o.name, "object")),
            Metadata::CallbackInterface(c) => heads.push((c.name, "callback interface")),
            Metadata::Record(r) => {
                for field in &r.fields {
                    add(&r.name, shown(field));
                }
                heads.push((r.name, "record"));
            }
            Metadata::Enum(e) => {
                for variant in &e.variants {
                    let fields: Vec<String> = variant.fields.iter().map(shown).collect();
                    let fields = if fields.is_empty() {
                        String::new()
                    } else {
                        format!(" {{ {} }}", fields.join(", "))
                    };
                    add(&e.name, format!("{}{fields}", variant.name));
                }
                let head = match e.shape {
                    EnumShape::Enum => "enum",
                    EnumShape::Error { .. } => "error",
                };
                heads.push((e.name, head));
            }
            Metadata::Constructor(c) => add(
                &c.self_name,
                format!(
                    "constructor {}",
                    call(c.is_async, &c.name, &c.inputs, None, c.throws.as_ref())
                ),
            ),
            Metadata::Method(m) => add(
                &m.self_name,
                call(m.is_async, &m.name, &m.inputs, m.return_type.as_ref(), m.throws.as_ref()),
            ),
            Metadata::TraitMethod(m) => add(
                &m.trait_name,
                call(m.is_async, &m.name, &m.inputs, m.return_type.as_ref(), m.throws.as_ref()),
            ),
        }
    }
    for (name, head) in heads {
        paragraphs.entry(name).or_default().0 = head;
    }
    let mut text = String::new();
    for (name, (head, mut lines)) in paragraphs {
        // The order of fields and variants is part of the surface; that of methods is not.
        if matches!(head, "" | "object" | "callback interface") {
            lines.sort();
        }
        let title = if name.is_empty() { "functions".to_owned() } else { format!("{head} {name}") };
        writeln!(text, "{title}").expect("a string takes every line");
        for line in lines {
            writeln!(text, "  {line}").expect("a string takes every line");
        }
    }
    text
}

fn call(
    is_async: bool,
    name: &str,
    inputs: &[FnParamMetadata],
    returns: Option<&Type>,
    throws: Option<&Type>,
) -> String {
    let inputs: Vec<String> =
        inputs.iter().map(|input| format!("{}: {}", input.name, named(&input.ty))).collect();
    let mut line = format!("{}{name}({})", if is_async { "async " } else { "" }, inputs.join(", "));
    if let Some(returns) = returns {
        let _ = write!(line, " -> {}", named(returns));
    }
    if let Some(throws) = throws {
        let _ = write!(line, " throws {}", named(throws));
    }
    line
}

fn shown(field: &FieldMetadata) -> String {
    let default = if field.default.is_some() { " = default" } else { "" };
    format!("{}: {}{default}", field.name, named(&field.ty))
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the generator's enum, not ours")]
fn named(ty: &Type) -> String {
    match ty {
        Type::Object { name, .. }
        | Type::Record { name, .. }
        | Type::Enum { name, .. }
        | Type::CallbackInterface { name, .. }
        | Type::Custom { name, .. } => name.clone(),
        Type::Optional { inner_type } => format!("{}?", named(inner_type)),
        Type::Sequence { inner_type } => format!("[{}]", named(inner_type)),
        primitive => format!("{primitive:?}"),
    }
}
