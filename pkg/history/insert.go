package history

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
)

// insert is a statement that runs once for each record, so it goes past database/sql to the driver: there it would have its
// arguments looked at, copied and converted anew each time. It serves one goroutine at a time.
type insert struct {
	conn      *sql.Conn
	statement statement
	arguments []driver.NamedValue
}

// statement is what the driver prepares.
type statement interface {
	driver.Stmt
	driver.StmtExecContext
}

func newInsert(ctx context.Context, conn *sql.Conn, text string) (*insert, error) {
	i := &insert{conn: conn}
	err := conn.Raw(func(raw any) error {
		preparer, ok := raw.(driver.ConnPrepareContext)
		if !ok {
			return fmt.Errorf("the driver's %T prepares no statements", raw)
		}
		prepared, err := preparer.PrepareContext(ctx, text)
		if err != nil {
			return err
		}
		if i.statement, ok = prepared.(statement); !ok {
			return errors.Join(fmt.Errorf("the driver's %T is not executed within a context", prepared), prepared.Close())
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return i, nil
}

// exec runs the statement with values that SQLite keeps as they are: int64, string, []byte or nil.
func (i *insert) exec(ctx context.Context, values []any) (result driver.Result, err error) {
	i.arguments = i.arguments[:0]
	for n, value := range values {
		i.arguments = append(i.arguments, driver.NamedValue{Ordinal: n + 1, Value: value})
	}
	err = i.conn.Raw(func(any) (err error) {
		result, err = i.statement.ExecContext(ctx, i.arguments)
		return err
	})
	return result, err
}

func (i *insert) close() error {
	return i.conn.Raw(func(any) error { return i.statement.Close() })
}
