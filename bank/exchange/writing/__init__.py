"""Writing banks to files of other systems (QTI, Moodle, GIFT, Excel, Word); what a format cannot hold is told."""
