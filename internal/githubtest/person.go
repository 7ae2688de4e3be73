package githubtest

// Person is somebody who works in the web pages: what a Person does is no request, needs no token and meets no fault.
type Person struct {
	s     *Server
	login string
}

// As is a person by their login, whoever that is.
func (s *Server) As(login string) Person { return Person{s, login} }

// AddIssue opens an issue; with State "closed" one that is closed already, with a Pull a pull request. Number, ID, User and the
// stamps are the server's to give.
func (p Person) AddIssue(repo string, i Issue) Issue {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.s.create(p.s.mustFind(repo), p.login, i)
}

// EditIssue changes an issue in one step. A slice in it must be replaced, not written into.
func (p Person) EditIssue(repo string, number int, edit func(*Issue)) Issue {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	r, h := p.s.mustIssue(repo, number)
	if h == nil {
		return Issue{}
	}
	return p.s.change(r, h, p.login, edit)
}

// CloseIssue closes an issue: completed, not_planned or duplicate.
func (p Person) CloseIssue(repo string, number int, reason string) Issue {
	return p.EditIssue(repo, number, func(i *Issue) { i.State, i.StateReason = "closed", reason })
}

// Reopen opens a closed issue.
func (p Person) Reopen(repo string, number int) Issue {
	return p.EditIssue(repo, number, func(i *Issue) { i.State = "open" })
}

// Relabel sets an issue's labels.
func (p Person) Relabel(repo string, number int, labels ...string) Issue {
	return p.EditIssue(repo, number, func(i *Issue) { i.Labels = labels })
}

// Assign sets who is assigned to an issue.
func (p Person) Assign(repo string, number int, logins ...string) Issue {
	return p.EditIssue(repo, number, func(i *Issue) { i.Assignees = logins })
}

// Lock ends the conversation on an issue.
func (p Person) Lock(repo string, number int) Issue {
	return p.EditIssue(repo, number, func(i *Issue) { i.Locked = true })
}

// Delete deletes an issue and its comments: 410 from then on.
func (p Person) Delete(repo string, number int) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	if r, h := p.s.mustIssue(repo, number); h != nil {
		p.s.remove(r, h, "")
	}
}

// Transfer moves an issue to another repository, where it gets another number: 301 from then on. Beware that an http.Client
// follows a 301 by itself, and makes a GET of a PATCH as it does.
func (p Person) Transfer(repo string, number int, to string) Issue {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	r, h := p.s.mustIssue(repo, number)
	if h == nil {
		return Issue{}
	}
	return p.s.transfer(r, h, p.s.mustFind(to))
}

// Comment comments on an issue.
func (p Person) Comment(repo string, number int, body string) Comment {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	r, h := p.s.mustIssue(repo, number)
	if h == nil {
		return Comment{}
	}
	return p.s.createComment(r, h, p.login, body)
}

// EditComment changes a comment, whoever wrote it.
func (p Person) EditComment(repo string, id int64, body string) Comment {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	h := p.s.mustFind(repo).comment(id)
	if h == nil {
		p.s.t.Errorf("githubtest: no comment %d in %s", id, repo)
		return Comment{}
	}
	return p.s.changeComment(h, body)
}

// DeleteComment takes a comment away: 404 from then on.
func (p Person) DeleteComment(repo string, id int64) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	r := p.s.mustFind(repo)
	h := r.comment(id)
	if h == nil || h.latest().gone {
		p.s.t.Errorf("githubtest: no comment %d in %s", id, repo)
		return
	}
	k := h.latest()
	k.gone = true
	h.put(p.s.clock(), k)
	if issue := r.issue(k.Issue); !issue.latest().gone {
		p.s.change(r, issue, p.login, func(i *Issue) { i.Comments-- })
	}
}

// AddLabel makes a label.
func (p Person) AddLabel(repo string, l Label) Label {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.s.createLabel(p.s.mustFind(repo), l).latest()
}

// AddMilestone makes a milestone.
func (p Person) AddMilestone(repo, title string) Milestone {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	r := p.s.mustFind(repo)
	m := Milestone{ID: p.s.newID(), Number: len(r.milestones) + 1, Title: title, CreatedAt: stamp(p.s.clock())}
	r.milestones = append(r.milestones, m)
	return m
}

// mustIssue reports an issue that a test asks for and that is not there.
func (s *Server) mustIssue(repo string, number int) (*repository, *history[Issue]) {
	r := s.mustFind(repo)
	h := r.issue(number)
	if h == nil || h.latest().gone {
		s.t.Errorf("githubtest: no issue %s#%d", repo, number)
		return r, nil
	}
	return r, h
}
