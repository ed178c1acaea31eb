import assert from "node:assert/strict";
import { test } from "node:test";
import { RequestError } from "../src/net/request.js";
import { written } from "../src/room/answered.js";
import { awayLanguages, differenceOf, languageWords, placesIn, refusalWords, resultWords, waitingWords } from "../src/room/run_words.js";

const joined = ({ before, differs, after }) => before + differs + after;

test("an answer differs from every boiler plate in more than white space and more than one character", () => {
  const plates = { python: "def f():\n    return 0\n", cpp: "int main() {}\n" };
  const changed = (value) => written(value, plates);
  const none = [undefined, null, "", " \n\t", { code: "", language: "cpp" }, { code: plates.python, language: "python" }];
  const moved = [{ code: "def f():\n\treturn 0 \n\n", language: "python" }, { code: plates.cpp, language: "python" }];
  assert.deepEqual([...none, ...moved].map(changed), Array(8).fill(0));
  const slips = ["x", `${plates.python}#`, plates.python.replace("0", "1"), plates.cpp.replace("{", ""), " # "];
  assert.deepEqual(slips.map(changed), [1, 1, 1, 1, 1]);
  assert.deepEqual(["xy", `${plates.python}#!`, plates.python.replace("0", "12"), `a${plates.cpp}b`].map(changed), [2, 2, 2, 13]);
});

test("both texts are cut at the first difference, and nothing of them is lost", () => {
  const { expected, output, words } = differenceOf("1\n20 30\n4", "1\n20 31\n4\n", 2);
  assert.deepEqual(expected, { before: "1\n20 3", differs: "0", after: "\n4", isMissing: false });
  assert.deepEqual(output, { before: "1\n20 3", differs: "1", after: "\n4", isMissing: false });
  assert.equal(words, "The first difference is in line 2, character 5.");
  assert.equal(joined(differenceOf("a\nb", "a\nc\nd", 2).output), "a\nc\nd");
});

test("a line that is missing or too much is named", () => {
  const short = differenceOf("1\n2\n3", "1\n2\n", 3);
  assert.equal(short.words, "Line 3 is missing in your output.");
  assert.deepEqual([short.output.isMissing, short.expected.differs], [true, "3"]);
  const long = differenceOf("1", "1\n2\n", 2);
  assert.match(long.words, /line 2 is too much/);
  assert.deepEqual([long.expected.isMissing, long.output.differs], [true, "2"]);
  const none = differenceOf("1", "\n", 1);
  assert.equal(none.words, "Your program printed nothing.");
  assert.equal(none.output.isMissing, true);
  assert.equal(differenceOf("ab", "a", 1).output.differs, "");
  assert.equal(differenceOf("😀", "😁", 1).output.differs, "😁");
});

test("the places in messages of every language lead into the code", () => {
  const places = (text) => placesIn(text).filter(({ line }) => line).map(({ line, column }) => [line, column]);
  assert.deepEqual(places('  File "main.py", line 12\n    print(\n         ^\nSyntaxError'), [[12, 1]]);
  assert.deepEqual(places("/tmp/w/main.js:3\nconst = 1;"), [[3, 1]]);
  assert.deepEqual(places("main.cpp: In function 'int main()':\nmain.cpp:4:9: error: expected ';'"), [[4, 9]]);
  assert.deepEqual(places("Main.java:5: error: ';' expected\n at Main.main(Main.java:7)"), [[5, 1], [7, 1]]);
  const text = 'Traceback\n  File "main.py", line 1, in <module>\nZeroDivisionError';
  assert.equal(placesIn(text).map((piece) => piece.text).join(""), text);
  assert.deepEqual(placesIn(""), []);
});

test("refusals are said in plain words", () => {
  const said = (status, code, more = {}) => refusalWords(new RequestError("As the server says.", { status, code, ...more }), true);
  assert.match(said(429, "too_many_runs", { retryAfter: 23 }), /twelve times within a minute.*again in 23 seconds/);
  assert.match(said(429, "run_in_progress"), /One run at a time/);
  assert.match(said(503, "runner_unavailable", { body: { reason: "g++ was not found." } }), /cannot be run at the moment \(g\+\+ was not found\)\. Go on writing/);
  assert.match(said(0, ""), /cannot reach the server.*kept on this device/);
  assert.match(said(500, ""), /could not take the run/);
  assert.equal(said(413, ""), "As the server says.");
  assert.equal(said(400, "", { body: { fields: { code: ["There is no code to run."] } } }), "There is no code to run.");
});

test("waiting has its place, and a result counts its samples", () => {
  assert.match(waitingWords({ status: "queued", position: 3 }), /place 3 in the queue/);
  assert.match(waitingWords({ status: "running", position: null }, "Echo"), /“Echo” is running/);
  const cases = [{ verdict: "accepted" }, { verdict: "wrong_answer" }];
  const words = (more) => resultWords({ status: "done", kind: "sample", verdict: "wrong_answer", cases, ...more });
  assert.equal(words({}), "1 of 2 samples passed");
  assert.equal(words({ verdict: "compile_error" }), "Does not compile");
  assert.equal(words({ verdict: "accepted", cases: cases.slice(0, 1) }), "The sample passed");
  assert.match(words({ status: "failed", verdict: "internal_error" }), /a fault of ours/);
  assert.equal(words({ kind: "custom", verdict: null }), "Your input: ended by itself");
});

test("a language that cannot be run says why", () => {
  const java = { language: "java", name: "Java", available: false, reason: "javac was not found." };
  assert.equal(languageWords(undefined, false, true), "");
  assert.equal(languageWords({ ...java, available: true }, true, true), "");
  assert.equal(languageWords(java, true, true), "Java cannot be run here: javac was not found.");
  assert.match(languageWords(java, false, true), /Code cannot be run at the moment \(javac was not found\)/);
  assert.equal(awayLanguages([java]), "Not available in this test: Java (javac was not found).");
});

test("the practice room promises neither saving nor scoring", () => {
  const said = [
    languageWords({ language: "java", name: "Java", available: false, reason: "javac was not found." }, false, false),
    ...[{ offline: true }, { status: 503 }, { status: 503, code: "runner_unavailable" }].map((more) =>
      refusalWords(new RequestError("As the server says.", more), false),
    ),
  ];
  for (const words of said) assert.doesNotMatch(words, /saved|scored|kept/);
  assert.match(said[0], /You can start the test all the same/);
});
