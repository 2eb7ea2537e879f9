// swift-tools-version: 6.0
import PackageDescription

// The app takes the Rust core from an XCFramework (ios/build-xcframework.sh). Tests outside Xcode, on
// Linux or a Mac, link the shared library that cargo built (scripts/test-ios.sh). Either way the
// Swift bindings lie in Generated/, made by the same call.
#if os(Linux)
    let linksLibrary = true
#else
    let linksLibrary = Context.environment["WIJKBOEK_CORE"] == "library"
#endif

let ffi: Target =
    linksLibrary
    ? .systemLibrary(name: "WijkboekCoreFFI", path: "Generated/WijkboekCoreFFI")
    : .binaryTarget(name: "WijkboekCoreFFI", path: "Generated/WijkboekCoreFFI.xcframework")

let linker: [LinkerSetting] =
    linksLibrary
    ? [.linkedLibrary("wijkboek_bindings")]
    // What the static library asks of the system: certificates and network state.
    : [.linkedFramework("Security"), .linkedFramework("SystemConfiguration")]

let package = Package(
    name: "WijkboekKit",
    defaultLocalization: "nl",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [.library(name: "WijkboekKit", targets: ["WijkboekKit"])],
    targets: [
        ffi,
        // Generated, and the only target that imports the C module.
        .target(
            name: "WijkboekCore",
            dependencies: ["WijkboekCoreFFI"],
            path: "Generated/WijkboekCore",
            linkerSettings: linker
        ),
        .target(name: "WijkboekKit", dependencies: ["WijkboekCore"]),
        .testTarget(name: "WijkboekKitTests", dependencies: ["WijkboekKit"]),
    ],
    swiftLanguageModes: [.v6]
)
