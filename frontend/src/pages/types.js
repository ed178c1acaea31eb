// What the server tells the workspace: `workspace-config` in templates/practice/workspace.html.

/**
 * @typedef {object} WorkspaceConfig
 * @property {number} session_id
 * @property {number} question_id
 * @property {string} session_url   tells at which versions the server has drafts and board
 * @property {string} draft_url
 * @property {string} board_url
 * @property {number} version
 * @property {string | null} saved_at
 * @property {import("../whiteboard/types.js").Frame[]} frames
 */

export {};
