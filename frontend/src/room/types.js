// The shapes that the room's modules share.
/** @import {RequestError} from "../net/request.js" */
/** @import {ShownState} from "../saving/types.js" */

/**
 * @typedef {object} RoomQuestion
 * @property {string} id
 * @property {number} number
 * @property {string} title
 * @property {string[]} languages
 * @property {Record<string, string>} boiler_plate   by language
 * @property {string} section   key of its section
 */

/** @typedef {{key: string, questions: Omit<RoomQuestion, "section">[]}} RoomSection */

/**
 * What the page was given: `sessions_app/proctoring/selectors/candidate_page.py`.
 * @typedef {object} RoomData
 * @property {string} candidate_id
 * @property {string} server_time
 * @property {string} deadline
 * @property {Record<string, any>} answers
 * @property {number} answers_version
 * @property {Record<string, [string, number | null, number?]>} writers   of each answer: tab, sequence, version
 * @property {string[]} sections_completed
 * @property {RoomSection[]} sections
 */

/**
 * @typedef {object} Room
 * @property {string} candidate
 * @property {import("./beats.js").Beats} beats
 * @property {import("./time.js").Time} time
 * @property {import("./progress.js").Progress} progress
 * @property {import("./texts.js").Texts} texts
 * @property {import("./work.js").Work | undefined} work   once the editor stands
 * @property {import("./runs.js").Runs | undefined} runs   then too
 * @property {boolean} over
 * @property {boolean} closing
 * @property {"" | "tab" | "device"} toldOf   where else it is open
 */

/** @typedef {Pick<RoomData, "answers_version" | "writers" | "sections_completed"> & {pending_answers: Record<string, any>}} Standing */

/** @typedef {{version: () => number, alive: (reply: any, known: number) => void, refused: (error: RequestError) => void, lost: () => void}} BeatListener */

/**
 * @typedef {object} TextsListener
 * @property {(now: ShownState, key: string) => void} onState   the gravest state and whose it is
 * @property {(error: RequestError) => void} onRefused
 * @property {() => void} onTab             another tab of this browser has the test open
 * @property {(key: string) => void} onWritten    somebody else than the editor changed an answer
 * @property {(key: string) => void} onFollowed   and that was another tab or device
 * @property {() => void} onMended          something that cannot be stored was taken out of an answer
 * @property {(key: string, both: {mine: any, theirs: any}) => Promise<string>} ask
 * @property {(key: string, both: {mine: any, theirs: any}) => any} join
 * @property {(key: string, mine: any, theirs: any) => boolean} same
 */

/**
 * @typedef {object} EditorOptions
 * @property {string} nonce
 * @property {(text: string) => void} onChange      at every change made by hand
 * @property {(length: number) => void} onPaste
 * @property {() => void} onMended                  something that cannot be stored was taken out of what was entered
 */

/**
 * @typedef {object} Editor
 * @property {string} text   as it stands
 * @property {(key: string, text: string, kind: string, label: string) => void} show   `key` names the text: its history is kept
 * @property {() => void} focus
 * @property {(line: number, column: number) => void} goTo   both from 1
 * @property {() => void} measure   the font has another size
 * @property {(name: string) => Promise<void>} useKeys   "", vim or emacs; throws when they cannot be had
 */

/** @typedef {{language: string, name: string, available: boolean, reason: string}} OfferedLanguage   as `GET …/languages` says */

/** @typedef {{languages: string, runsOf: (question: string) => string, run: (id: string) => string}} RunPaths   below /api */

/**
 * What of the texts the questions and the editor need; the practice room has its own.
 * @typedef {Pick<import("./texts.js").Texts, "values" | "set" | "finishSection" | "hasTabs" | "areKept"> & {saverOf: (key: string) => {flush: () => Promise<unknown>}}} AnswerTexts
 */

/**
 * What one case came to: `RunCaseOutput` of `sessions_app/proctoring/api/run_outputs.py`.
 * @typedef {object} RunCase
 * @property {number} number
 * @property {string | null} verdict   null: it ended by itself, and nothing was expected of it
 * @property {number} cpu_ms
 * @property {string} input
 * @property {string | null} expected
 * @property {string} output
 * @property {string} error
 * @property {number | null} difference_line   from 1
 */

/**
 * @typedef {object} Run
 * @property {string} run_id
 * @property {string} question
 * @property {string} kind       sample or custom
 * @property {string} language
 * @property {string} status     queued, running, done, failed or cancelled
 * @property {string | null} verdict
 * @property {string} compile_output
 * @property {number | null} position
 * @property {string} created_at
 * @property {RunCase[]} cases
 */

export {};
