from __future__ import annotations

from fastapi import FastAPI

from bench.peer import interviews, pages, proctoring

app = FastAPI(title="Peer")
for module in (proctoring, interviews, pages):
    app.include_router(module.router)


@app.get("/healthz")
async def healthz() -> dict[str, bool]:
    return {"ok": True}
