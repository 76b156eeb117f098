/*
 * The drawings, as paths on a grid of 16: our own, in strokes.
 */
export const icons = {
	handle: 'M6 3.5v.01M10 3.5v.01M6 8v.01M10 8v.01M6 12.5v.01M10 12.5v.01',
	more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
	note: 'M3 4h10M3 8h10M3 12h6',
	close: 'M4 4l8 8M12 4l-8 8',
	search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10M10.6 10.6L14 14',
	account: 'M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6M2.5 14c.6-2.6 2.8-4 5.5-4s4.9 1.4 5.5 4',
	all: 'M2.5 4h.01M5.5 4h8M2.5 8h.01M5.5 8h8M2.5 12h.01M5.5 12h8',
	today: 'M2.5 3.5h11v10h-11zM2.5 6.5h11M5.5 1.5v3M10.5 1.5v3M8 9.5v.01',
	upcoming: 'M2.5 3.5h11v10h-11zM2.5 6.5h11M5.5 1.5v3M10.5 1.5v3M6 10h4M8.5 8.5L10 10l-1.5 1.5',
	overdue: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12M8 5v3.5M8 11v.01',
	completed: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12M5.5 8l2 2 3.5-4',
	trash: 'M2.5 4h11M6 4V2.5h4V4M4 4l.6 9.5h6.8L12 4',
	tag: 'M2.5 2.5h5l6 6-5 5-6-6zM5.2 5.2v.01',
	inbox: 'M2.5 9.5L4 3h8l1.5 6.5V13h-11zM2.5 9.5H6c0 2 4 2 4 0h3.5',
	repeat: 'M3 8V6.5A2.5 2.5 0 0 1 5.5 4H13M11 2l2 2-2 2M13 8v1.5A2.5 2.5 0 0 1 10.5 12H3M5 14l-2-2 2-2',
	bell: 'M3 11.5h10c-1.5-1.5-1.5-2.5-1.5-4.5a3.5 3.5 0 0 0-7 0c0 2 0 3-1.5 4.5M7 13.800h2',
	below: 'M3.5 2.5v8h4M10 10.5h3M7 5h6',
	add: 'M8 3v10M3 8h10',
};
