// Opens a file with DuckDB and prints the rows of a query as JSON: node query.mjs FILE SQL. FILE stands in the query as $file.
import { DuckDBInstance } from "@duckdb/node-api";

const [file, query] = process.argv.slice(2);
const instance = await DuckDBInstance.create(":memory:");
const connection = await instance.connect();
await connection.run("SET TimeZone = 'UTC'");
const sql = query.replaceAll("$file", `'${file.replaceAll("'", "''")}'`);
const reader = await connection.runAndReadAll(sql);
console.log(JSON.stringify(reader.getRowObjectsJson()));
