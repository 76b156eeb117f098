// A peer for the benchmark: Bun with bun:sqlite, as one would write it. It serves the database that
// seed.sh makes; every write is durable.
//
//     bun bun.js FILE [group]
//
// With "group" the creates that arrive in one turn of the loop share a transaction.
import { Database } from "bun:sqlite";

const [file, group] = process.argv.slice(2);
const db = new Database(file);
db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");

const columns = "id, name, note, creation_date, due_date, completed";
const session = db.query(`SELECT a.id, a.username
	FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE s.token = ?`);
const list = db.query(`SELECT ${columns} FROM tasks WHERE account_id = ? ORDER BY id`);
const one = db.query(`SELECT ${columns} FROM tasks WHERE account_id = ? AND id = ?`);
const insert = db.query(`INSERT INTO tasks
	(account_id, name, note, creation_date, due_date, completed) VALUES (?, ?, ?, ?, ?, ?) RETURNING ${columns}`);

const problem = (status, title) => Response.json({ title }, { status });

function asker(request) {
	const [scheme, token] = (request.headers.get("authorization") ?? "").split(" ");
	if (scheme !== "Bearer" || !token)
		return null;
	const account = session.get(new Bun.CryptoHasher("sha256").update(token).digest());
	return account?.username === request.params.username ? account : null;
}

function shown(task) {
	task.completed = task.completed !== 0;
	return task;
}

const save = (values) =>
	Response.json({ msg: "posted", task: shown(insert.get(...values)) }, { status: 201 });

let waiting = [];

function saveAll() {
	const creates = waiting;
	waiting = [];
	db.exec("BEGIN IMMEDIATE");
	const replies = creates.map(({ values }) => save(values));
	db.exec("COMMIT");
	creates.forEach(({ resolve }, i) => resolve(replies[i]));
}

function saveTogether(values) {
	return new Promise((resolve) => {
		if (waiting.push({ values, resolve }) === 1)
			setImmediate(saveAll);
	});
}

async function create(request) {
	const account = asker(request);
	if (!account)
		return problem(401, "Unauthorized");
	const { name, note = "", due_date = null, completed = false } = await request.json();
	if (typeof name !== "string")
		return problem(422, "name is missing");
	const now = new Date().toISOString();
	const values = [account.id, name, note, now, due_date, completed ? 1 : 0];
	return group ? saveTogether(values) : save(values);
}

const server = Bun.serve({
	hostname: "127.0.0.1",
	port: 0,
	routes: {
		"/api/v1/accounts/:username/tasks": {
			GET(request) {
				const account = asker(request);
				if (!account)
					return problem(401, "Unauthorized");
				const tasks = list.all(account.id).map(shown);
				return Response.json({ username: account.username, tasks });
			},
			POST: create,
		},
		"/api/v1/accounts/:username/tasks/:id": {
			GET(request) {
				const account = asker(request);
				if (!account)
					return problem(401, "Unauthorized");
				const task = one.get(account.id, Number(request.params.id));
				return task ? Response.json(shown(task)) : problem(404, "Not Found");
			},
		},
	},
	fetch: () => problem(404, "Not Found"),
});
console.log(`Listening on http://localhost:${server.port}`);
