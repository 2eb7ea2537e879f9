// The generated bindings and the only Kotlin code that touches them.
plugins {
    alias(libs.plugins.android.library)
}

android {
    namespace = "nl.wijkboek.data"
    compileSdk = libs.versions.compileSdk.get().toInt()
    defaultConfig { minSdk = libs.versions.minSdk.get().toInt() }
    sourceSets["main"].kotlin.srcDir("target/generated/uniffi") // scripts/bindings-kotlin.sh
    sourceSets["main"].jniLibs.srcDir("target/jniLibs") // scripts/android-native.sh
}

dependencies {
    api(libs.coroutines.android)
    implementation(libs.serialization.json)
    implementation(variantOf(libs.jna) { artifactType("aar") })
}
