// What only Android can do.
plugins {
    alias(libs.plugins.android.library)
}

android {
    namespace = "nl.wijkboek.platform"
    compileSdk = libs.versions.compileSdk.get().toInt()
    defaultConfig { minSdk = libs.versions.minSdk.get().toInt() }
}

dependencies {
    api(project(":core"))
}
