// Makes a frame of an embed when a reader asks for it.

document.addEventListener("click", ({ target }) => {
  const button = target.closest(".embed > button");
  if (!button) return;
  const { dataset, textContent } = button.parentElement;
  const frame = document.createElement("iframe");
  frame.title = button.nextElementSibling?.textContent ?? textContent;
  frame.sandbox = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-presentation";
  frame.allow = "encrypted-media; picture-in-picture";
  frame.allowFullscreen = true;
  frame.referrerPolicy = "strict-origin-when-cross-origin";
  frame.style.cssText = button.style.cssText;
  frame.src = dataset.src;
  button.replaceWith(frame);
  frame.focus();
});
