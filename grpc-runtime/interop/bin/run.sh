# Read by the scripts beside it: runs a main class of target/interop.jar, with the arguments of the script.
run() {
    jar=$(dirname -- "$0")/../target/interop.jar
    if [ ! -f "$jar" ]; then
        echo "$jar is not there; build it with: ./mvnw -q -DskipTests package" >&2
        exit 1
    fi
    exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp "$jar" "$@"
}
