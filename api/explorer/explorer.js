"use strict";
// Everything comes from this server; nothing is sent anywhere else. Tokens are held here and nowhere else, so they are
// gone with the page.
(() => {
  const scheme = "bearer"; // its name in the specification
  const early = 60; // seconds before an access token ends in which the next is fetched
  const part = (id) => document.getElementById(id);
  let ui = null;
  let session = null; // what signing in answered
  let timer = 0;

  // ask makes a call and gives what it answers; a refusal becomes an error that says what the problem document says.
  async function ask(path, { token, body } = {}) {
    const headers = {};
    if (token) headers.Authorization = `Bearer ${token}`;
    if (body) headers["Content-Type"] = "application/json";
    let answer;
    try {
      answer = await fetch(path, { method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body) });
    } catch {
      throw new Error("The server does not answer.");
    }
    if (answer.status === 204) return null;
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) {
      const faults = (said.errors ?? []).map((fault) => fault.detail).join(" ");
      throw new Error(faults || said.detail || said.title || `The server answered ${answer.status}.`);
    }
    return said;
  }

  // withoutFillings gives the specification with the examples of parameters that may be left out as words: Swagger UI
  // would fill them in, and a call that asks for everything at once finds nothing.
  function withoutFillings(specification) {
    for (const calls of Object.values(specification.paths)) {
      for (const call of Object.values(calls)) {
        // A call that needs no credential but takes one would look as if one had signed in.
        call.security = call.security?.filter((way) => Object.keys(way).length > 0);
        for (const parameter of call.parameters ?? []) {
          if (parameter.required || parameter.example === undefined) continue;
          if (parameter.example !== parameter.schema?.default) {
            parameter.description = `${parameter.description ?? ""} Example: \`${parameter.example}\``;
          }
          delete parameter.example;
        }
      }
    }
    return specification;
  }

  async function show() {
    try {
      ui = SwaggerUIBundle({
        spec: withoutFillings(await ask("/openapi.json")),
        dom_id: "#content",
        deepLinking: true,
        displayRequestDuration: true,
        filter: true,
        persistAuthorization: false,
        tryItOutEnabled: true,
        validatorUrl: null,
        syntaxHighlight: { theme: "tomorrow-night" },
        defaultModelsExpandDepth: 0,
        onComplete: () => { part("sign-in").hidden = false; },
      });
    } catch (error) {
      part("trouble").textContent = error.message;
    }
  }

  // nameControls says to those who listen what Swagger UI only shows, and lets the keyboard reach what scrolls.
  function nameControls() {
    const name = (found, says) => {
      for (const control of part("content").querySelectorAll(found)) {
        if (!control.hasAttribute("aria-label")) control.setAttribute("aria-label", says(control));
      }
    };
    name("tr[data-param-name] select", (select) => select.closest("tr").dataset.paramName);
    name(".examples-select-element", () => "Example");
    name(".body-param textarea", () => "Body");
    name(".copy-to-clipboard button", () => "Copy");
    name(".close-modal", () => "Close");
    for (const block of part("content").querySelectorAll(".microlight:not([tabindex])")) block.tabIndex = 0;
  }
  new MutationObserver(nameControls).observe(part("content"), { childList: true, subtree: true });

  // take puts the access token to use, and sees to the next one before it ends.
  function take(pair) {
    session = pair;
    ui.preauthorizeApiKey(scheme, pair.access_token);
    clearTimeout(timer);
    timer = setTimeout(renew, Math.max(pair.expires_in - early, 1) * 1000);
  }

  async function renew() {
    const spent = session;
    try {
      const pair = await ask("/v1/auth/refresh", { body: { refresh_token: spent.refresh_token } });
      if (session === spent) take(pair);
    } catch (error) {
      if (session === spent) leave(error.message);
    }
  }

  function leave(trouble) {
    session = null;
    clearTimeout(timer);
    ui.authActions.logout([scheme]);
    part("signed-in").hidden = true;
    part("sign-in").hidden = false;
    part("trouble").textContent = trouble;
    part("email").focus();
  }

  part("sign-in").addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = event.target.querySelector("button");
    button.disabled = true;
    part("trouble").textContent = "";
    try {
      const pair = await ask("/v1/auth/login", { body: { email: part("email").value, password: part("password").value } });
      const me = await ask("/v1/auth/me", { token: pair.access_token });
      take(pair);
      part("password").value = "";
      part("who").textContent = `Signed in as ${me.name} (${me.role})`;
      part("sign-in").hidden = true;
      part("signed-in").hidden = false;
      part("who").focus();
    } catch (error) {
      part("trouble").textContent = error.message;
    } finally {
      button.disabled = false;
    }
  });

  part("sign-out").addEventListener("click", () => {
    const ended = session;
    leave("");
    ask("/v1/auth/logout", { body: { refresh_token: ended.refresh_token } })
      .catch((error) => { part("trouble").textContent = `Signed out here, but not on the server: ${error.message}`; });
  });

  show();
})();
