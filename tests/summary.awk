# Counts what a ctest run did, and says what was skipped and why: reads the file of --output-junit.
# A test that is skipped as a whole prints "SKIP: all: WHY" alone; a part of one prints "SKIP: WHY".
# The last line is "N passed, N failed, N skipped"; skipped parts are named and not counted there.

function plain(text) {
    gsub(/&lt;/, "<", text)
    gsub(/&gt;/, ">", text)
    gsub(/&quot;/, "\"", text)
    gsub(/&apos;/, "'", text)
    gsub(/&#[^;]*;/, "?", text)
    gsub(/&amp;/, "\\&", text)
    return text
}

/<testcase / {
    name = $0
    sub(/.*<testcase name="/, "", name)
    sub(/".*/, "", name)
    name = plain(name)
    state = $0 ~ /status="run"/ ? "passed" : $0 ~ /status="fail"/ ? "failed" : "skipped"
    count[state]++
    said = 0
}
/<failure message="Timeout"/ { print name ": timed out" }
/SKIP: / {
    why = $0
    sub(/.*SKIP: */, "", why)
    sub(/<\/system-out>.*/, "", why)
    if (state == "skipped") {
        sub(/^all[:,]? */, "", why)
        if (said++)
            next
        print "skipped " name ": " plain(why)
    } else
        print "skipped a part of " name ": " plain(why)
}
/<\/testcase>/ {
    if (state == "skipped" && !said)
        print "skipped " name
    if (state == "failed")
        print "FAILED " name
}
END { printf "%d passed, %d failed, %d skipped\n", count["passed"], count["failed"], count["skipped"] }
