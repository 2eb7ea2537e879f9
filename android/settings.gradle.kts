// The app as Android Studio and Gradle build it. pom.xml builds the same sources on a plain JVM.
pluginManagement {
    repositories {
        google()
        mavenCentral()
        gradlePluginPortal()
    }
}

dependencyResolutionManagement {
    repositoriesMode = RepositoriesMode.FAIL_ON_PROJECT_REPOS
    repositories {
        google()
        mavenCentral()
    }
}

rootProject.name = "wijkboek"
include(":core", ":ui", ":platform", ":app")
