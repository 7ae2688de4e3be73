package systemtest

import "testing"

func newMemory(*testing.T) Harness { return NewMemory() }

func TestMemory(t *testing.T) { Run(t, newMemory) }

func TestMemoryModel(t *testing.T) { RunModel(t, newMemory) }
