package export

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver, in plain Go: no cgo

	"github.com/syncwell/sitrep/internal/calendar"
)

// sqliteTypes is how a column of each type is held: times as RFC 3339 in UTC, days as YYYY-MM-DD, lists as JSON arrays (json_each reads
// them), true and false as 1 and 0.
var sqliteTypes = map[Type]string{Text: "TEXT NOT NULL", List: "TEXT NOT NULL", Time: "TEXT", Date: "TEXT", Bool: "INTEGER NOT NULL", Int: "INTEGER", Number: "REAL"}

// SQLite writes a database with all tables of the set.
func (s Set) SQLite(ctx context.Context, w io.Writer) (err error) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx) // each connection to :memory: is a database of its own
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	for _, t := range s.Tables {
		if err := t.fill(ctx, conn); err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
	}
	return conn.Raw(func(driver any) error {
		c, ok := driver.(interface{ Serialize() ([]byte, error) })
		if !ok {
			return errors.New("the SQLite driver cannot give the database as bytes")
		}
		data, err := c.Serialize()
		if err != nil {
			return err
		}
		_, err = w.Write(data)
		return err
	})
}

// fill makes a table and writes its rows, in one transaction.
func (t Table) fill(ctx context.Context, conn *sql.Conn) error {
	columns, marks := make([]string, len(t.Columns)), make([]string, len(t.Columns))
	for i, c := range t.Columns {
		columns[i], marks[i] = fmt.Sprintf("%q %s", c.Name, sqliteTypes[c.Type]), "?"
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // has no effect after Commit
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("CREATE TABLE %s (\n  %s\n)", t.Name, strings.Join(columns, ",\n  "))); err != nil {
		return err
	}
	insert, err := tx.PrepareContext(ctx, fmt.Sprintf("INSERT INTO %s VALUES (%s)", t.Name, strings.Join(marks, ", ")))
	if err != nil {
		return err
	}
	defer insert.Close()
	for _, row := range t.Rows {
		values := make([]any, len(row))
		for i, v := range row {
			values[i] = sqliteValue(v)
		}
		if _, err := insert.ExecContext(ctx, values...); err != nil {
			return err
		}
	}
	return tx.Commit()
}

func sqliteValue(v any) any {
	switch v := v.(type) {
	case time.Time:
		return v.Format("2006-01-02T15:04:05.999999999Z")
	case calendar.Date:
		return v.String()
	case []string:
		if v == nil {
			return "[]"
		}
		b, err := json.Marshal(v)
		if err != nil {
			return "[]" // a list of texts always has a JSON form
		}
		return string(b)
	case bool:
		if v {
			return 1
		}
		return 0
	}
	return v
}
