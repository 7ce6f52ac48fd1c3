package places

// Hold lets a service without a database answer from x.
func (s *Service) Hold(x *Index) { s.index.Store(x) }
