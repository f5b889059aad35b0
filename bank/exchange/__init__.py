"""Reading the files people have: Word, Excel, text, JSON rows; nothing here touches the database."""
