// The practice workspace: one question, its answer, its board.
import "./pages/workspace.js";
