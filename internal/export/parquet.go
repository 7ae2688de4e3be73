package export

import (
	"fmt"
	"io"
	"reflect"
	"time"

	"github.com/parquet-go/parquet-go"

	"github.com/syncwell/sitrep/internal/calendar"
)

// parquetTypes is how a column of each type is held. Times are microseconds in UTC.
var parquetTypes = map[Type]struct {
	typ reflect.Type
	tag string
}{
	Text:   {reflect.TypeFor[string](), ""},
	List:   {reflect.TypeFor[[]string](), ",list"},
	Time:   {reflect.TypeFor[*int64](), ",optional,timestamp(microsecond)"},
	Date:   {reflect.TypeFor[*int32](), ",optional,date"},
	Bool:   {reflect.TypeFor[bool](), ""},
	Int:    {reflect.TypeFor[*int64](), ",optional"},
	Number: {reflect.TypeFor[*float64](), ",optional"},
}

// rowType is a struct with a field for each column: parquet-go keeps the order of fields, and sorts the keys of maps.
func (t Table) rowType() reflect.Type {
	fields := make([]reflect.StructField, len(t.Columns))
	for i, c := range t.Columns {
		p := parquetTypes[c.Type]
		fields[i] = reflect.StructField{
			Name: fmt.Sprintf("C%d", i), Type: p.typ, Tag: reflect.StructTag(fmt.Sprintf(`parquet:"%s%s"`, c.Name, p.tag)),
		}
	}
	return reflect.StructOf(fields)
}

// Parquet writes a table as an Apache Parquet file.
func (t Table) Parquet(w io.Writer) error {
	typ := t.rowType()
	out := parquet.NewWriter(w, parquet.SchemaOf(reflect.New(typ).Interface()), parquet.Compression(&parquet.Snappy))
	for _, row := range t.Rows {
		v := reflect.New(typ)
		for i := range t.Columns {
			setField(v.Elem().Field(i), row[i])
		}
		if err := out.Write(v.Interface()); err != nil {
			return err
		}
	}
	return out.Close()
}

func setField(f reflect.Value, v any) {
	switch v := v.(type) {
	case nil:
	case time.Time:
		us := v.UnixMicro()
		f.Set(reflect.ValueOf(&us))
	case calendar.Date:
		days := int32(v.At(calendar.Clock{}, time.UTC).Unix() / 86400)
		f.Set(reflect.ValueOf(&days))
	case int64:
		f.Set(reflect.ValueOf(&v))
	case float64:
		f.Set(reflect.ValueOf(&v))
	default:
		f.Set(reflect.ValueOf(v))
	}
}
