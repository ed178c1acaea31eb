// Calls of the interview API with the page's own cookie.

function csrfToken() {
  const headers = document.body.getAttribute("hx-headers");
  return headers ? JSON.parse(headers)["x-csrftoken"] : "";
}

/** The parsed answer. A refusal is thrown with `status` and the server's sentence; no answer has status 0. */
export async function call(method, url, body, key) {
  const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (key) headers["Idempotency-Key"] = key;
  let response;
  try {
    response = await fetch(url, {
      method,
      headers,
      credentials: "same-origin",
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw Object.assign(new Error("We could not reach the server."), { status: 0 });
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    const sentence = Object.values(answer.fields ?? {}).flat()[0] ?? answer.error ?? "This did not work.";
    throw Object.assign(new Error(sentence), { status: response.status, code: answer.code });
  }
  return answer;
}
