#!/usr/bin/env bash
# Compiles every module's sources, the app's included, against the real Android libraries, as
# Gradle would: what compiles here uses no API that phones do not have. Makes no APK.
set -euo pipefail
cd "$(dirname "$0")/.."

out=$PWD/appcheck/target
mvn --batch-mode --quiet -Dstyle.color=never --non-recursive --file appcheck/pom.xml generate-resources

classpath=()
for archive in "$out"/classpath/*; do
  case "$archive" in
    *.aar)
      unpacked=$out/aar/$(basename "$archive" .aar)
      if [ ! -e "$unpacked/classes.jar" ]; then
        mkdir -p "$unpacked"
        (cd "$unpacked" && jar --extract --file "$archive" classes.jar)
      fi
      classpath+=("$unpacked/classes.jar")
      ;;
    *) classpath+=("$archive") ;;
  esac
done

join() { local IFS=:; echo "$*"; }
plugin=("$out"/compiler/kotlin-compose-compiler-plugin-embeddable-*.jar)
rm -rf "$out/classes"
# In this process: a compiler daemon would stay behind.
java -Xmx2g -cp "$(join "$out"/compiler/*.jar)" org.jetbrains.kotlin.cli.jvm.K2JVMCompiler \
  -no-stdlib -no-reflect -jvm-target 17 -module-name wijkboek \
  -Xplugin="${plugin[0]}" \
  -classpath "$(join "${classpath[@]}")" \
  -d "$out/classes" \
  core/target/generated/uniffi core/src/main/kotlin ui/src/main/kotlin platform/src/main/kotlin app/src/main/kotlin \
  2> >(grep --invert-match --extended-regexp '^warning:|: warning:|^ *\^|^$' >&2 || true)
test -e "$out/classes/nl/wijkboek/app/MainActivity.class"
echo "appcheck: $(find "$out/classes" -name '*.class' | wc -l) classes compile against the real Android libraries"
