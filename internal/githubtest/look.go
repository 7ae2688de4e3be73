package githubtest

// Issues are the issues of a repository as they stand, pull requests among them, by number. Lists lag, this does not.
func (s *Server) Issues(repo string) []Issue {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Issue
	for _, h := range s.mustFind(repo).issues {
		if i := h.latest(); !i.gone {
			out = append(out, i)
		}
	}
	return out
}

// Issue is one issue as it stands; false where it never was, is deleted or was transferred.
func (s *Server) Issue(repo string, number int) (Issue, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.mustFind(repo).issue(number)
	if h == nil || h.latest().gone {
		return Issue{}, false
	}
	return h.latest(), true
}

// Versions are all states that an issue was in, the first and the present one among them. What a client overwrote is here.
func (s *Server) Versions(repo string, number int) []Issue {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.mustFind(repo).issue(number)
	if h == nil {
		return nil
	}
	var out []Issue
	for _, v := range *h {
		out = append(out, v.value)
	}
	return out
}

// Comments are the comments on an issue, oldest first.
func (s *Server) Comments(repo string, number int) []Comment {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Comment
	for _, h := range s.mustFind(repo).comments {
		if c := h.latest(); !c.gone && c.Issue == number {
			out = append(out, c)
		}
	}
	return out
}

// Labels are the labels of a repository, oldest first.
func (s *Server) Labels(repo string) []Label {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Label
	for _, h := range s.mustFind(repo).labels {
		out = append(out, h.latest())
	}
	return out
}

// File is a file at the head of a branch; false where there is none.
func (s *Server) File(repo, branch, path string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	head, ok := s.mustFind(repo).git.branch(branch)
	if !ok {
		return "", false
	}
	text, ok := head.files[path]
	return text, ok
}

// Elsewhere are the requests that reached another host because a fault redirected them there. None of their headers may hold
// a token.
func (s *Server) Elsewhere() []Request {
	s.elsewhere.mu.Lock()
	defer s.elsewhere.mu.Unlock()
	return append([]Request(nil), s.elsewhere.requests...)
}
