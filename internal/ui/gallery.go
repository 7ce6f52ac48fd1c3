package ui

import "github.com/a-h/templ"

// sample gives the gallery's examples in the page's language. They are invented and show nothing but form.
type sample string

func (s sample) in(ru, en string) string {
	if s == "en" {
		return en
	}
	return ru
}

// longName has 80 letters, as names of institutions do.
func (s sample) longName() string {
	return s.in("Муниципальное бюджетное учреждение «Верхнеозёрское управление благоустройства зелени»",
		"Municipal Budgetary Institution for the Improvement of Green Areas of Verkhneozyorsk")
}

func (s sample) longWord() string {
	return s.in("Водопроводноканализационнохозяйственнопроизводственноэксплуатационное",
		"Rechtsschutzversicherungsgesellschaftenrindfleischetikettierungsaufgaben")
}

func (s sample) fieldErrors() []FieldError {
	return []FieldError{{"g-snils", s.in("СНИЛС: не хватает двух цифр", "Insurance number: two digits are missing")}, {"g-mail", s.in("Почта: добавьте знак @", "E-mail: add the sign @")}}
}

func (s sample) panes() []Pane {
	return []Pane{
		{What: s.in("Кто ответит", "Who answers"), Value: s.in("МКУ «Дорожная служба»", "Road Service"), More: []string{s.in("Ирина Лаптева", "Irina Lapteva")}},
		{What: s.in("До какого числа", "By what date"), Value: s.in("до 27 ноября", "by 27 November"), More: []string{s.in("Осталось 3 рабочих дня", "3 working days left")}, Open: true},
		{What: s.in("Что от вас", "What you do"), Value: s.in("Ничего", "Nothing"), More: []string{s.in("Потом оценить ответ", "Later rate the answer")}},
	}
}

func (s sample) answeredPanes() []Pane {
	return []Pane{
		{What: s.in("Состояние", "State"), State: &StateProps{Text: s.in("Есть ответ", "Answered"), Icon: IconMessageSquareCheck, Tone: OK}, More: []string{s.in("Ждём вашу оценку до 19 декабря", "Please rate it by 19 December")}, Open: true},
		{What: s.in("Срок ответа", "Due date"), Value: s.in("до 20 ноября", "by 20 November"), More: []string{s.in("Ответили 19 ноября: 9-й рабочий день из 10", "Answered on 19 November: working day 9 of 10")}, Body: Deadline(DeadlineProps{Kind: Done, Gone: 90, Bare: true})},
		{What: s.in("Кто отвечает", "Who answers"), Value: s.longName(), More: []string{s.in("Ирина Лаптева, мастер участка", "Irina Lapteva, foreman")}},
	}
}

func (s sample) todo() []TodoItem {
	return []TodoItem{
		{What: s.in("Ответ на ваше сообщение № 418 207", "Answer to your report no. 418 207"), Title: s.in("Яма у остановки «Школа № 7»", "Pothole at the stop “School 7”"), Href: "#", Text: s.in("Дорожная служба пишет, что яму заделали 18 ноября. Подтвердите, если это так.", "The road service says it was filled on 18 November. Please confirm."), Action: ButtonProps{Text: s.in("Проверить и оценить", "Check and rate"), Href: "#"}, Open: true},
		{What: s.in("Вопрос по сообщению № 419 035", "Question about report no. 419 035"), Title: s.in("Не горит фонарь во дворе", "Street lamp is out"), Href: "#", Text: s.in("Электросети спрашивают номер опоры. Пока вы не ответили, срок стоит.", "The grid asks for the number of the pole. The term stands still until you answer."), Action: ButtonProps{Text: s.in("Ответить на вопрос", "Answer"), Href: "#", Kind: Second}},
	}
}

func (s sample) states() []StateProps {
	return []StateProps{
		{s.in("Принято", "Received"), IconInbox, Plain}, {s.in("На исполнении", "In work"), IconWrench, Act}, {s.in("Ждём вас", "Waiting for you"), IconCircleHelp, Warn},
		{s.in("Есть ответ", "Answered"), IconMessageSquareCheck, OK}, {s.in("Просрочено", "Overdue"), IconOctagonAlert, Bad}, {s.in("Отклонено", "Rejected"), IconBan, Plain},
	}
}

func (s sample) deadlines() []DeadlineProps {
	return []DeadlineProps{
		{Running, s.in("до 30 ноября", "by 30 November"), s.in("4 рабочих дня", "4 working days"), 60, false, false},
		{Soon, s.in("завтра", "tomorrow"), s.in("25 ноября", "25 November"), 90, false, false},
		{Late, s.in("просрочено", "overdue"), s.in("2 дня", "2 days"), 100, false, false},
		{Hold, s.in("срок стоит", "term stands still"), s.in("ждём вас", "waiting for you"), 50, false, false},
		{Done, s.in("отвечено", "answered"), s.in("за 4 дня", "in 4 days"), 40, false, false},
		{Over, s.in("закрыто", "closed"), s.in("24 сентября", "24 September"), 0, false, false},
	}
}

func (s sample) timeline() []TimelineItem {
	return []TimelineItem{
		{What: s.in("Вы сообщили о яме", "You reported the pothole"), When: s.in("6 ноября, пятница, 8:14", "Friday, 6 November, 8:14"), DateTime: "2026-11-06", Text: s.in("Номер присвоен сразу. Срок 10 рабочих дней, до 20 ноября.", "The number was given at once. 10 working days, by 20 November.")},
		{What: s.in("Передали дорожной службе", "Passed to the road service"), When: s.in("6 ноября, 9:02", "6 November, 9:02"), DateTime: "2026-11-06", Text: s.in("Дорога городская, это видно по реестру.", "The road is the town's, the register says.")},
		{What: s.in("Вам ответили", "You were answered"), When: s.in("19 ноября, 16:05", "19 November, 16:05"), DateTime: "2026-11-19", Now: true},
		{What: s.in("Вы оцениваете ответ", "You rate the answer"), When: s.in("до 19 декабря", "by 19 December"), DateTime: "2026-12-19", Text: s.in("Если не ответите, сообщение закроется с пометкой «не подтверждено».", "Otherwise the report closes as not confirmed."), Ahead: true},
	}
}

func (s sample) solved() SolvedProps {
	return SolvedProps{FieldProps: FieldProps{ID: "g-solved", Hint: s.in("Только вы можете закрыть сообщение.", "Only you can close the report.")}, Value: "no", Reopen: &ReopenProps{
		Hint:   s.in("Один раз, до 19 декабря. Новый срок 5 рабочих дней, отвечать будет начальник службы.", "Once, by 19 December. A new term of 5 working days; the head of the service answers."),
		Reason: ChoicesProps{FieldProps: FieldProps{ID: "g-why"}, Value: "part", Options: []Option{{Value: "part", Text: s.in("Сделали не всё", "Not all is done")}, {Value: "again", Text: s.in("Проблема вернулась", "The problem is back")}, {Value: "off", Text: s.in("Ответ не о том", "The answer is beside the point")}}},
		Text:   TextareaProps{FieldProps: FieldProps{ID: "g-why-text"}, Value: s.in("Яму заделали, но люк рядом так и торчит выше асфальта.", "The hole is filled, but the manhole beside it still stands out.")},
	}}
}

func (s sample) files() []FileItem {
	return []FileItem{
		{Name: s.in("Акт выполненных работ № 211", "Act of works no. 211"), Href: "#", Meta: s.in("PDF, 180 КБ, подписан электронной подписью", "PDF, 180 KB, signed"), Action: &ButtonProps{Text: s.in("Проверить", "Verify"), Kind: Quiet, Href: "#", Label: s.in("Проверить подпись акта № 211", "Verify the signature of act no. 211")}},
		{Name: s.longWord() + ".jpg", Meta: s.in("2,4 МБ, загружено", "2.4 MB, uploaded"), Icon: IconImage, Action: &ButtonProps{Text: s.in("Убрать", "Remove"), Kind: Quiet, Type: "button"}},
		{Name: s.in("Видео.mov", "Video.mov"), Error: s.in("64 МБ, а можно 30", "64 MB, the limit is 30"), Icon: IconImage, Action: &ButtonProps{Text: s.in("Убрать", "Remove"), Kind: Quiet, Type: "button", Label: s.in("Убрать Видео.mov", "Remove Video.mov")}},
	}
}

func (s sample) table() TableProps {
	row := func(id, what, who, due, sum string) TableRow {
		return TableRow{ID: id, Label: s.in("Выбрать: ", "Select: ") + what, Cells: []templ.Component{Text(what), Text(who), Text(due), Text(sum)}}
	}
	return TableProps{Caption: s.in("Начисления за ноябрь", "Charges in November"), Select: "charge",
		Bulk: []ButtonProps{{Text: s.in("Оплатить вместе", "Pay together"), Kind: Second, Slim: true}},
		Columns: []Column{{Title: s.in("Что", "What")}, {Title: s.in("Кому", "To whom")}, {Title: s.in("Срок", "Due"), Sort: "#", Sorted: "ascending"},
			{Title: s.in("Сумма", "Sum"), Numeric: true, Sort: "#"}},
		Rows: []TableRow{
			row("1", s.in("Штраф ДИ\u2011114\u00a0805", "Fine DI\u2011114\u00a0805"), s.in("Дорожная инспекция", "Road inspection"), s.in("16\u00a0декабря", "16\u00a0December"), "1\u00a0125,00\u00a0₽"),
			row("2", s.in("Налог за 2025 год", "Tax for 2025"), s.longName(), s.in("1\u00a0декабря", "1\u00a0December"), "4\u00a0386,00\u00a0₽"),
		}}
}

func (s sample) cities() []Option {
	return []Option{{Value: "1", Text: s.in("Администрация Верхнеозёрска", "Administration of Verkhneozyorsk"), Group: s.in("Город", "Town")}, {Value: "2", Text: s.longName(), Group: s.in("Город", "Town")}, {Value: "3", Text: s.in("Министерство транспорта", "Ministry of Transport"), Group: s.in("Область", "Region")}}
}

func (s sample) photo(i int) Photo {
	return Photo{Thumb: URL("mark-solid.svg"), Full: "#", Alt: s.in("Вид на улицу, фото ", "View of the street, photo ") + itoa(i), Caption: s.in("До. Ваше фото, 6 ноября", "Before. Your photo, 6 November")}
}

// swatches are the roles of colour, each with the class that shows it.
func (s sample) swatches() [][3]string {
	return [][3]string{{"c-ink", "ink", s.in("текст", "text")}, {"c-ink-2", "ink-2", s.in("второй план", "second rank")}, {"c-line", "line", s.in("линейка", "rule")},
		{"c-frame", "frame", s.in("рама", "frame")}, {"c-accent", "accent", s.in("действие", "action")}, {"c-accent-soft", "accent-soft", s.in("открытая створка", "open pane")},
		{"c-ok", "ok-fill", s.in("сделано", "done")}, {"c-warn", "warn-fill", s.in("скоро", "soon")}, {"c-bad", "bad-fill", s.in("просрочено", "late")}, {"c-sunk", "sunk", s.in("подложка", "ground")}}
}

func (s sample) folders() []FolderGroup {
	return []FolderGroup{
		{Folders: []Folder{{Text: s.in("Все в работе", "All in work"), Href: "#", Count: 214, Current: true}, {Text: s.in("Мои", "Mine"), Href: "#", Count: 38}, {Text: s.in("Новые", "New"), Href: "#", Count: 17},
			{Text: s.in("Просрочены", "Overdue"), Href: "#", Count: 3, Alarm: true}, {Text: s.in("На согласовании", "In approval"), Href: "#", Count: 12}, {Text: s.in("Ждём заявителя", "Waiting for the applicant"), Href: "#", Count: 1021}, {Text: s.in("Отвечено", "Answered"), Href: "#", CountText: s.in("> 1 000", "> 1,000")}}},
		{Title: s.in("Представления", "Views"), Folders: []Folder{{Text: s.in("Школы и детсады", "Schools"), Href: "#", Count: 11}, {Text: s.longWord(), Href: "#", Count: 8}}},
	}
}

func (s sample) workRows() []WorkRow {
	label := func(n string) string { return s.in("Выбрать № ", "Select no. ") + n }
	work := StateProps{s.in("На исполнении", "In work"), IconWrench, Plain}
	d := s.deadlines()
	rows := []WorkRow{
		{ID: "1", Label: label("418 377"), Title: s.in("Свисает провод над детской площадкой", "A wire hangs over the playground"), Meta: s.in("418 377. Ладейный, Озёрная, 3. Освещение", "418 377. Ladeyny, Ozyornaya, 3. Lighting"), Deadline: d[2], State: work, Holder: s.in("Ахметов", "Akhmetov")},
		{ID: "2", Label: label("419 466"), Title: s.in("Провалился люк у школы № 7", "A manhole has sunk at school 7"), Meta: s.in("419 466. Верхнеозёрск, Рыбацкая, 14. Люки и колодцы", "419 466. Verkhneozyorsk, Rybatskaya, 14. Manholes"), Deadline: DeadlineProps{Kind: Soon, Main: s.in("сегодня", "today"), Note: s.in("до 18:00", "by 18:00"), Gone: 30}, State: StateProps{s.in("Согласование", "Approval"), IconUserCheck, Act}, Holder: s.in("Рябинина", "Ryabinina"), Current: true},
		{ID: "3", Label: label("419 012"), Title: s.in("Не вывозят контейнеры третью неделю", "Containers not emptied for three weeks"), Meta: s.in("419 012. Заречный, Мельничная, 40. Мусор", "419 012. Zarechny, Melnichnaya, 40. Waste"), Deadline: d[1], State: work, Holder: s.in("Ахметов", "Akhmetov"), Selected: true},
		{ID: "4", Label: label("419 051"), Title: s.in("Вода из-под асфальта на перекрёстке Школьной и Набережной у входа в поликлинику", "Water from under the asphalt at the crossing of Shkolnaya and Naberezhnaya by the clinic"), Meta: s.in("419 051. Верхнеозёрск, Школьная, 2. Водоснабжение", "419 051. Verkhneozyorsk, Shkolnaya, 2. Water"), Deadline: d[0], State: work, Holder: s.in("Гусева", "Guseva")},
		{ID: "5", Label: label("419 035"), Title: s.in("Не горит фонарь во дворе", "The street lamp in the yard is out"), Meta: s.in("419 035. Верхнеозёрск, Садовая, 9. Освещение", "419 035. Verkhneozyorsk, Sadovaya, 9. Lighting"), Deadline: DeadlineProps{Kind: Hold, Main: s.in("срок стоит", "stands still"), Gone: 50}, State: StateProps{s.in("Ждём ответа", "Waiting"), IconCircleHelp, Warn}, Holder: s.in("Константинопольская", "Konstantinopolskaya")},
		{ID: "6", Label: label("419 233"), Title: s.in("Скользко на спуске к мосту", "Slippery slope to the bridge"), Meta: s.in("419 233. Тихий Плёс, Подгорная. Уборка снега", "419 233. Tikhy Plyos, Podgornaya. Snow"), Deadline: DeadlineProps{Main: s.in("5 дней", "5 days"), Note: s.in("1 дек", "1 Dec"), Gone: 50}, State: StateProps{s.in("Новое", "New"), IconInbox, Plain}, New: true, HolderAction: &ButtonProps{Text: s.in("Взять", "Take"), Kind: Quiet, Slim: true, Name: "take", Value: "6", Label: s.in("Взять № 419 233", "Take no. 419 233")}},
		{ID: "7", Label: label("418 911"), Title: s.in("Дверь подъезда не закрывается", "The entrance door does not close"), Meta: s.in("418 911. Верхнеозёрск, Садовая, 11. Дома", "418 911. Verkhneozyorsk, Sadovaya, 11. Houses"), Deadline: d[4], State: StateProps{s.in("Ждёт оценки", "To be rated"), IconMessageSquareCheck, OK}, Holder: s.in("Гусева", "Guseva")},
	}
	for i := range rows {
		rows[i].Href = PathDesign + "/workspace#panel"
	}
	return rows
}

func (s sample) workList() WorkListProps {
	return WorkListProps{Title: s.in("Все в работе", "All in work"), Total: "214", Action: "#", Rows: s.workRows(),
		Sort:    []Tab{{Text: s.in("По сроку", "By due date"), Href: "#", Current: true}, {Text: s.in("По дате", "By date"), Href: "#"}},
		Applied: []TagProps{{Text: s.in("Верхнеозёрск", "Verkhneozyorsk"), RemoveHref: "#", RemoveLabel: s.in("Убрать отбор: Верхнеозёрск", "Remove filter: Verkhneozyorsk")}}, Clear: "#",
		Filter: Filters(FiltersProps{Action: "#", Label: s.in("Отбор", "Filter"), Selects: []SelectProps{{FieldProps: FieldProps{ID: "f-org", Label: s.in("Кому", "To whom")}, Empty: s.in("Все", "All"), Options: s.cities()}}}),
		Bulk: []ButtonProps{{Text: s.in("Объединить", "Merge"), Kind: Second, Slim: true, Key: "M", Name: "do", Value: "merge"}, {Text: s.in("Назначить", "Assign"), Kind: Second, Slim: true, Key: "A", Name: "do", Value: "assign"},
			{Text: s.in("Передать", "Pass on"), Kind: Second, Slim: true, Key: "R", Name: "do", Value: "redirect"}},
		Pager: PagerProps{Next: "#", Range: s.in("1–50 из 214", "1–50 of 214"), NextText: s.in("Следующие", "Next")}}
}

func (s sample) panel() WorkPanelProps {
	return WorkPanelProps{Open: true, Back: "#list", Meta: s.in("№ 419 466, сегодня 9:48, Нина Соколова и ещё 6", "No. 419 466, today 9:48, Nina Sokolova and 6 more"), Title: s.in("Провалился люк у школы № 7", "A manhole has sunk at school 7"),
		Deadline: &DeadlineProps{Kind: Soon, Main: s.in("Оградить сегодня до 18:00", "Fence off today by 18:00"), Note: s.in("ответить до 27 ноября", "answer by 27 November"), Gone: 30, Wide: true},
		Actions:  panelActions(s)}
}

func (s sample) log() []LogLine {
	return []LogLine{{When: "11:31", Text: s.in("Ахметов отправил ответ на согласование", "Akhmetov sent the answer for approval")}, {When: "9:55", Text: s.in("Рябинина назначила Ахметова", "Ryabinina assigned Akhmetov")}, {When: "9:48", Text: s.in("Распределено по реестру: люк города", "Routed by the register: the town's manhole")}}
}

func (s sample) nav() []NavItem {
	return []NavItem{{Text: s.in("Главная", "Home"), Href: "#"}, {Text: s.in("Обращения", "Reports"), Href: "#", Current: true}, {Text: s.in("Карта", "Map"), Href: "#"}}
}

// dressed fills what the gallery's pages leave empty.
func (s sample) dressed(p Page, title string) Page {
	p.Title = title
	if p.Region == "" {
		p.Region = s.in("Приозёрская область", "Priozyorsk Region")
	}
	if len(p.Nav) == 0 {
		p.Nav = s.nav()
	}
	if len(p.Footer) == 0 {
		p.Footer = []NavItem{{Text: s.in("Доступность", "Accessibility"), Href: "#"}, {Text: s.in("Персональные данные", "Personal data"), Href: "#"}}
	}
	if p.User == "" {
		p.User, p.Unread = s.in("Нина Соколова", "Nina Sokolova"), 2
	}
	p.Private = true
	return p
}
