/*
 * Light or dark as the user chose it, before the first pixel: a script of its own, which the page
 * waits for.
 */
try {
	const theme = localStorage.getItem('todo.theme');
	if (theme === 'light' || theme === 'dark')
		document.documentElement.dataset.theme = theme;
} catch {
	/* no storage: the system's choice */
}
