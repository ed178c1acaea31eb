// The shapes of a board, as far as our own code reads them; Excalidraw's own build on React's, which are not installed.

/** @typedef {{x: number, y: number, width: number, height: number}} Box in scene pixels */
/** @typedef {Box & {id: string, name: string, question_id: number}} Frame of a question */
/** @typedef {Record<string, any> & {id: string, type: string, x: number, y: number}} SceneElement */
/** @typedef {{elements: SceneElement[], files?: Record<string, any>} & Record<string, any>} Scene */

/**
 * @typedef {object} BoardOptions
 * @property {Scene | null} [scene]          what was saved
 * @property {Frame[]} [frames]              one for each question; those that are missing are drawn
 * @property {string} [frameId]              the frame in view at first
 * @property {"light" | "dark"} [theme]      default: follows the page
 * @property {(scene: Scene) => void} [onChange]   after a change, 300 ms at most behind
 * @property {(error: unknown) => void} [onFail]
 * @property {(count: number) => void} [onLeftOut]  so many elements cannot be opened and are not there
 * @property {boolean} [readOnly]
 */

/**
 * @typedef {object} MountedBoard
 * @property {() => Scene} scene
 * @property {() => string} fingerprint
 * @property {(id: string | undefined) => void} focusFrame
 * @property {(scene: Scene) => void} replaceScene
 * @property {(frameId: string) => {id: string, label: string, selected: boolean}[]} boxes
 * @property {(what: {frameId: string, kind: string, label: string, fromId?: string}) => void} add
 * @property {(theme: "light" | "dark") => void} setTheme
 * @property {(scene: Scene) => Promise<Blob>} picture
 * @property {() => Promise<Blob>} toPng
 * @property {() => void} destroy
 */

export {};
