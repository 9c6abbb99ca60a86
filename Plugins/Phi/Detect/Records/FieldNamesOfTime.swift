internal import FilterKit

/// Names of fields and columns that hold a date, an age or the number of a telephone, in the languages of their databases.
extension FieldNames {
  static let timeAndPhone: [(Kind, String)] = [
    (
      "DATE",
      """
      bd bdate bdt bday birthday birthdt birth_dt born dateborn dt_birth birth doa dod dos dol doi admit_dt adm_dt disch_dt dischg_dt
      discharge_dt visit_dt svc_dt service_dt svcdate enc_dt encounterdate encounter_date appt_dt apptdate appointment_dt op_date opdate
      surgerydate surgery_dt procedure_date procdate proc_dt implanted implantdate implant_date implantdt onsetdate onset_dt death_dt
      collected collectiondate collecteddate collection_dt specimendate resultdate result_dt orderdate order_dt reportdate lastvisit
      last_visit nextvisit next_visit lastseen firstseen lastappt nextappt eventdate event_dt studydate study_dt scandate examdate
      exam_dt testdate diagnosisdate dxdate dx_date dx_dt filldate fill_dt dispensed dispensedate injurydate accidentdate losdate
      servicefrom serviceto fromdate thrudate svcfrom svcthru svc_from svc_thru statementfrom dateofservice dateofinjury dateofloss
      dateofadmission dateofdischarge dateofsurgery dateofvisit admitted discharged admission admissiondt dischargedt deceased
      deceaseddate expirydate expirationdate validto validuntil expires vaccinationdate immunizationdate vaxdate duedate
      edd lmp effectivedatetime authoredon recordeddate onsetdatetime performeddatetime issueddate
      geb gebdat gebdatum geburtsdatum geburtstag geboren aufnahme aufnahmedatum entlassung entlassdatum entlassungsdatum opdatum
      untersuchungsdatum behandlungsdatum sterbedatum
      datenaissance datedenaissance naissance ddn datnais dateentree datesortie dateadmission dateconsultation datedeces
      fechanacimiento fechadenacimiento fechanac fecnac fnac nacimiento fechaingreso fechaalta fechacita fechaconsulta fechadefuncion
      nascimento datanascimento datadenascimento dtnasc datanasc dtnascimento dataentrada dataconsulta dataobito datainternacao
      datanascita datadinascita nascita natoil dataricovero datadimissione datavisita
      geboortedatum gebdtm geboren opnamedatum ontslagdatum
      f\u{F8}dselsdato fodselsdato foedselsdato f\u{F8}dt fodt f\u{F6}delsedatum fodelsedatum f\u{F6}delsedag innleggelsesdato
      syntym\u{E4}aika syntymaaika
      dataurodzenia data_ur dataur dataprzyjecia datawypisu
      datumnarozeni datumnarozen\u{ED} narozen datumnarodenia sz\u{FC}let\u{E9}siid\u{151} szuletesidatum datanasterii
      dogumtarihi do\u{11F}umtarihi dogum_tarihi tanggallahir tgllahir ngaysinh
      """
    ),
    (
      "AGE",
      """
      age ages ageyears ageinyears ageyrs ageyr agey ageatdeath ageatadmission ageatadmit ageatvisit ageatdx ageatdiagnosis ageatencounter
      ageatservice agenow currentage calcage derivedage ptage patage patientage patientsage alter alterjahre edad edadanos edadpaciente
      idade idadeanos leeftijd etaanni eta wiek
      """
    ),
    (
      "PHONE",
      """
      ph phno ph_no phn phone1 phone2 phone_1 phone_2 phonehome phonework phonemobile phonecell phnum telno telnr tel_nr telnum tel1 tel2
      telephonenumber telephoneno telhome telwork mob mobno mob_no mobilenumber mobileno mobilephonenumber cellno cellnumber
      homeph workph cellph hmphone wkphone home_tel work_tel ward_tel contactno contactnumber contact_tel contact_ph callback
      callbacknumber callbackphone callbackno whatsapp whatsappnumber landline landlineno pager pagerno bleep smsnumber altphone
      alternatephone primaryphone secondaryphone dayphone eveningphone emergencyphone emergencycontactphone nokphone nok_tel msisdn
      phonenum patientphone ptphone memberphone on_call_phone evephone
      telefon telefonnr telefonnummer telefon1 telefon2 rufnummer handy handynr handynummer mobil mobilnr mobilnummer mobiltelefon
      festnetz telprivat telgesch
      t\u{E9}l\u{E9}phone tlphone t\u{E9}l telfixe telportable portable numtel numerotelephone telmobile
      tel\u{E9}fono telefono tel\u{E9}fono1 movil m\u{F3}vil celular cel telcel fijo tfno tlfno numtelefono telefonomovil telefonofijo
      telefone fone telemovel telem\u{F3}vel telefonefixo telefonecelular tel_celular
      cellulare telefonocellulare numerotelefono numeroditelefono recapito
      telefoon telefoonnummer telefoonnr mobiel gsm gsmnummer telnummer
      tlf tlfn tlfnr mobilnr telefonnr mobiltlf puhelin puhelinnumero matkapuhelin s\u{ED}mi
      nrtelefonu numertelefonu telkom telefonkomorkowy komorka telefoncislo telefonnicislo mobilnitelefon telefonszam
      ceptel ceptelefonu telefonno nohp notelp nomorhp nomortelepon sdt sodienthoai
      """
    ),
    ("FAX", "faxno faxnr fax_no fx telefax faks faxnummer homefax workfax fax1 numfax"),
  ]
}
