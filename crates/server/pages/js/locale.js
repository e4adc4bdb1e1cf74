// Shows the page in the language that is chosen; without JavaScript it follows the browser's own setting.
const choice = document.getElementById("login-select-toggle");
choice.addEventListener("change", () => location.assign(choice.value));
choice.parentElement.hidden = false;
