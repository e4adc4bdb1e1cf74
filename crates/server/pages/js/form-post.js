// Sends the answer on to the application at once; without JavaScript there is a button.
document.forms[0].submit();
