package export_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/export"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/metrics"
	"github.com/syncwell/sitrep/internal/parse"
)

var now = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// ownRecords are the records of this repository.
func ownRecords(t *testing.T) incident.History {
	t.Helper()
	tree, err := parse.Read(context.Background(), os.DirFS("../.."), parse.Options{Config: config.Default(), Texts: true})
	if err != nil {
		t.Fatal(err)
	}
	h := tree.History()
	if len(h.Incidents) < 10 {
		t.Fatalf("%d incidents in the repository, want its own records", len(h.Incidents))
	}
	return h
}

// duckDB runs a query over a file with DuckDB, a reader that shares no code with the writer.
func duckDB(t *testing.T, file, query string) []map[string]any {
	t.Helper()
	dir := filepath.Join("..", "..", "test", "duckdb")
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "@duckdb", "node-api")); err != nil {
		t.Skip("DuckDB is not installed (npm ci in test/duckdb): Parquet files are not checked by another reader")
	}
	cmd := exec.Command("node", "query.mjs", file, query)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("duckdb: %v: %s", err, stderr.String())
	}
	var rows []map[string]any
	if err := json.Unmarshal(out, &rows); err != nil {
		t.Fatal(err)
	}
	return rows
}

func parquetFile(t *testing.T, table export.Table) string {
	t.Helper()
	var b bytes.Buffer
	if err := table.Parquet(&b); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), table.Name+".parquet")
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

var duckTypes = map[export.Type]string{
	export.Text: "VARCHAR", export.List: "VARCHAR[]", export.Time: "TIMESTAMP WITH TIME ZONE", export.Date: "DATE",
	export.Bool: "BOOLEAN", export.Int: "BIGINT", export.Number: "DOUBLE",
}

func TestParquetColumnsInDuckDB(t *testing.T) {
	for _, table := range export.Make(ownRecords(t), config.Default(), now).Tables {
		file := parquetFile(t, table)
		rows := duckDB(t, file, "DESCRIBE SELECT * FROM read_parquet($file)")
		if len(rows) != len(table.Columns) {
			t.Fatalf("%s: %d columns, want %d", table.Name, len(rows), len(table.Columns))
		}
		for i, c := range table.Columns {
			if rows[i]["column_name"] != c.Name || rows[i]["column_type"] != duckTypes[c.Type] {
				t.Errorf("%s: column %v of type %v, want %s of type %s", table.Name, rows[i]["column_name"], rows[i]["column_type"], c.Name, duckTypes[c.Type])
			}
		}
	}
}

// TestValuesInDuckDB compares every value of every table with what DuckDB reads.
func TestValuesInDuckDB(t *testing.T) {
	set := export.Make(ownRecords(t), config.Default(), now)
	for _, table := range set.Tables {
		rows := duckDB(t, parquetFile(t, table), "SELECT * FROM read_parquet($file)")
		if len(rows) != len(table.Rows) {
			t.Fatalf("%s: %d rows, want %d", table.Name, len(rows), len(table.Rows))
		}
		for i, row := range table.Rows {
			for j, c := range table.Columns {
				if got, want := rows[i][c.Name], asDuck(row[j]); fmt.Sprint(got) != fmt.Sprint(want) {
					t.Errorf("%s, row %d, %s: %v, want %v", table.Name, i+1, c.Name, got, want)
				}
			}
		}
	}
}

// asDuck is a value as DuckDB prints it as JSON.
func asDuck(v any) any {
	switch v := v.(type) {
	case time.Time:
		return strings.TrimSuffix(v.Format("2006-01-02 15:04:05.999999"), ".") + "+00"
	case []string:
		if v == nil {
			return []string{}
		}
	}
	return v
}

// mttr is what `sitrep metrics` says.
func mttr(t *testing.T, h incident.History, cfg config.Config) (minutes float64, n int) {
	t.Helper()
	r := metrics.Compute(h, cfg, metrics.Options{Now: now})
	if r.Overall.MTTRMinutes == nil {
		t.Fatal("no MTTR")
	}
	return *r.Overall.MTTRMinutes, r.Overall.Incidents
}

func TestMTTREqualsMetrics(t *testing.T) {
	h := ownRecords(t)
	for _, ends := range []incident.DowntimeEnds{incident.EndsMitigated, incident.EndsResolved} {
		cfg := config.Default()
		cfg.DowntimeEnds = config.DowntimeEnds(ends)
		set := export.Make(h, cfg, now)
		want, n := mttr(t, h, cfg)
		t.Run("duckdb-"+string(ends), func(t *testing.T) {
			row := duckDB(t, parquetFile(t, set.Tables[0]), "SELECT sum(downtime_minutes)/count(*) AS mttr, count(*)::INTEGER AS n FROM read_parquet($file) WHERE counted")[0]
			near(t, fmt.Sprint(row["mttr"]), want)
			near(t, fmt.Sprint(row["n"]), float64(n))
		})
		t.Run("duckdb-stamps-"+string(ends), func(t *testing.T) {
			end := map[incident.DowntimeEnds]string{incident.EndsMitigated: "coalesce(mitigated, resolved)", incident.EndsResolved: "resolved"}[ends]
			row := duckDB(t, parquetFile(t, set.Tables[0]), "SELECT avg(epoch("+end+") - epoch(started))/60 AS mttr FROM read_parquet($file) WHERE counted")[0]
			near(t, fmt.Sprint(row["mttr"]), want)
		})
		t.Run("sqlite3-"+string(ends), func(t *testing.T) {
			near(t, sqlite3(t, set, "select sum(downtime_minutes)/count(*) from incidents where counted"), want)
			near(t, sqlite3(t, set, "select count(*) from incidents where counted"), float64(n))
		})
	}
}

func near(t *testing.T, got string, want float64) {
	t.Helper()
	f, err := strconv.ParseFloat(strings.TrimSpace(got), 64)
	if err != nil || f-want > 1e-6 || want-f > 1e-6 {
		t.Errorf("%s (%v), want %v", got, err, want)
	}
}

// sqlite3 asks SQLite's own shell.
func sqlite3(t *testing.T, set export.Set, query string) string {
	t.Helper()
	shell, err := exec.LookPath("sqlite3")
	if err != nil {
		t.Skip("sqlite3 is not installed: the database is not checked by another reader")
	}
	var b bytes.Buffer
	if err := set.SQLite(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "sitrep.db")
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(shell, "-batch", file, query).CombinedOutput()
	if err != nil {
		t.Fatalf("sqlite3: %v: %s", err, out)
	}
	return string(out)
}

func TestSQLiteInItsOwnShell(t *testing.T) {
	set := export.Make(ownRecords(t), config.Default(), now)
	if got := sqlite3(t, set, "pragma integrity_check"); got != "ok\n" {
		t.Errorf("integrity check: %s", got)
	}
	for _, table := range set.Tables {
		var want []string
		for _, c := range table.Columns {
			want = append(want, c.Name)
		}
		if got := strings.Fields(sqlite3(t, set, "select name from pragma_table_info('"+table.Name+"') order by cid")); strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%s: columns %v, want %v", table.Name, got, want)
		}
		near(t, sqlite3(t, set, "select count(*) from "+table.Name), float64(len(table.Rows)))
	}
	first := set.Tables[0].Rows[0]
	services, err := json.Marshal(first[8])
	if err != nil {
		t.Fatal(err)
	}
	if got := sqlite3(t, set, "select services from incidents order by id limit 1"); strings.TrimSpace(got) != string(services) {
		t.Errorf("services: %s, want %s", got, services)
	}
}
